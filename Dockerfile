FROM python:3.12-slim AS build
WORKDIR /src
RUN python -m venv /opt/sluice
COPY requirements.lock ./
RUN /opt/sluice/bin/pip install --no-cache-dir --require-hashes -r requirements.lock
COPY pyproject.toml README.md LICENSE ./
COPY models ./models
COPY scoring ./scoring
COPY bot ./bot
RUN /opt/sluice/bin/pip install --no-cache-dir --no-deps --no-build-isolation .

FROM python:3.12-slim
RUN useradd --create-home --uid 10001 sluice && install --directory --owner=sluice /data
COPY --from=build /opt/sluice /opt/sluice
ENV PATH=/opt/sluice/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    DATABASE_URL=sqlite:////data/sluice.db \
    SLUICE_PORT=8080 \
    MPLCONFIGDIR=/tmp/matplotlib
USER 10001
WORKDIR /data
VOLUME /data
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --start-interval=2s \
    CMD ["python", "-c", "import os, urllib.request; urllib.request.urlopen('http://127.0.0.1:' + os.environ['SLUICE_PORT'] + '/healthz', timeout=4)"]
# A command and no entrypoint, so that `docker run … sluice import deals.csv` works as well.
CMD ["sh", "-c", "sluice migrate && exec sluice run --host 0.0.0.0"]
