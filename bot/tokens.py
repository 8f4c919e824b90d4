"""What Slack may say against a token, and how an operator mends it."""

from http.client import HTTPException

from slack_sdk.errors import SlackApiError

UNREACHABLE = (OSError, HTTPException)
"""What the client raises where no answer of Slack arrives at all."""

_REINSTALL = "install the app in the workspace again and copy the new token"
MENDING = {
    "invalid_auth": "copy the token anew from the app's page",
    "not_authed": "copy the token anew from the app's page",
    "not_allowed_token_type": "SLACK_BOT_TOKEN takes the bot token (xoxb-…), SLACK_APP_TOKEN the app-level (xapp-…)",
    "account_inactive": _REINSTALL,
    "team_access_not_granted": _REINSTALL,
    "token_expired": _REINSTALL,
    "token_revoked": _REINSTALL,
    "missing_scope": "add the missing scope on the app's page (manifest.yaml lists them all), then reinstall the app",
}
"""How to mend a refusal that will not pass by itself, by Slack's word for it."""


def refusal(error: Exception) -> str | None:
    """Slack's word, when it refuses the token for good; None for what may pass by itself."""
    word = str(error.response.get("error")) if isinstance(error, SlackApiError) else ""
    return word if word in MENDING else None
