"""What people may mean of the funnel: one row for each command, with the words that give it away."""

from bot.intent import Intent

_STAGE, _TIME = frozenset({"stage"}), frozenset({"period", "date"})

FUNNEL_INTENTS = (
    Intent(
        "/funnel forecast {stretch} for me",
        """my pipeline | my forecast | will i | i win | i close | my quarter | my month | do i make
        | 我 … 的管道 | 我 … 管道 | 我的预测 | 我 … 能赢多少 | 我 … 能签多少 | 我 … 能赢 | 我 … 能签 | 我 … 能完成
        | 我的管道""",
    ),
    Intent(
        "/funnel forecast {stretch}",
        """how does … look | how is … looking | will we hit | will we close | will we win | will we make | how will
        | expected | looking like | where will we land | will we land | we land | are we doing | how is | we make
        | in for | bring in | will … bring | come in | going to win | going to close | expect
        | 怎么样 | 能完成 | 能签多少 | 能赢多少 | 预计 | 能做多少 | 能到多少 | 预计能 | 会怎样 | 能拿下多少 | 能收
        | 业绩预计 | 大概能
        | can we expect | make it | 能进多少 | 收入预计 | 做到多少 | 卖多少""",
    ),
    Intent(
        "/funnel forecast[ {stretch}]",
        """forecast | what did we forecast | outlook | projection | predict | how accurate … forecast
        | how accurate … forecasts | accurate … forecasts been | forecast accuracy | trust the forecast
        | 预测 | 前景 | 预期 | 预测 … 准 | 预测准不准 | 预测 … 可信""",
    ),
    Intent(
        "/funnel show",
        """funnel | the team's pipeline | our pipeline | overview | whole pipeline | team pipeline | the pipeline
        | 漏斗 | 团队的管道 | 管道概览 | 概览 | 我们的管道 | 整体管道 | 销售管道""",
    ),
    Intent(
        "/funnel report {period}",
        """what happened | report | how did we do | summary | summarize | recap | review
        | results | look back | looking back | how many did we | what did we | numbers | performance | stats
        | figures | did we win | did we close | did we lose
        | 做得怎么样 | 报告 | 总结 | 报表 | 业绩 | 回顾 | 汇总 | 业绩如何 | 数据 | 复盘 | 成绩
        | 赢了多少 | 统计""",
    ),
    Intent("/funnel report {stretch}", "how was | how did … go | 情况 | 怎么样 | 如何"),
    Intent(
        "/funnel report this month[ for {person}]",
        """compared to last month | compared with last month | versus last month | vs last month
        | better than last month | worse than last month | more than last month | less than last month
        | 比上月 | 与上月相比 | 和上月相比 | 跟上月相比 | 比上个月 | 与上个月相比 | 和上个月相比
        | 跟上个月相比""",
        beside=_TIME,
    ),
    Intent(
        "/funnel report this quarter[ for {person}]",
        """compared to last quarter | compared with last quarter | versus last quarter | vs last quarter
        | better than last quarter | worse than last quarter | more than last quarter
        | less than last quarter | 比上季度 | 与上季度相比 | 和上季度相比 | 跟上季度相比 | 比上个季度
        | 与上个季度相比 | 和上个季度相比 | 跟上个季度相比""",
        beside=_TIME,
    ),
    Intent(
        "/funnel report this year[ for {person}]",
        """compared to last year | compared with last year | versus last year | vs last year
        | better than last year | worse than last year | more than last year | less than last year | 比去年
        | 与去年相比 | 和去年相比 | 跟去年相比""",
        beside=_TIME,
    ),
    Intent(
        "/funnel report[ {period}| last 90 days][ for {person}]",
        """win rate | win rates | close rate | our conversion | the conversion | conversion from | conversion of
        | conversion rate | conversion rates | conversion to | conversion between | convert from | how many … convert
        | how long do … stay | how long does … stay | how long do deals | how long do we | how long … in
        | how many days … in | time in stage | days in stage | time spent in | sales velocity | our velocity
        | sales cycle | how fast … pipeline | how fast do | how fast are | how quickly do
        | how many new | new leads | new deals | new opportunities | how many leads
        | compare this | compare last | compare our | compare … with | compared to | compared with
        | 赢单率 | 成交率 | 转化率 | 转化 | 停留 | 停留多久 | 停留 … 天 | 待多久 | 待多少天 | 多少新线索 | 多少新商机
        | 多少条新线索 | 多少个新商机 | 新增 … 多少 | 销售速度 | 销售周期 | 成交周期 | 多快 | 对比 | 相比
        | 相比怎么样 | 同比 | 环比""",
        beside=_STAGE,
    ),
    Intent(
        "/funnel report[ {period}| last 90 days] for me",
        """my win rate | my close rate | my conversion | my conversion rate | my conversion rates | my conversion from
        | my conversion to | my conversion between | i convert
        | my sales cycle | my velocity | my sales velocity | how many leads do i | how many leads did i
        | how many new … did i | how many new … do i | my new leads | my new deals | how fast am i | how fast do i
        | how fast are my | how long do my | how long … my deals
        | 我的赢单率 | 我的成交率 | 我的转化率 | 我的转化 | 我的销售周期 | 我的成交周期 | 我的销售速度 | 我的新线索
        | 我的新商机""",
        beside=_STAGE,
    ),
    Intent(
        "/funnel report[ {period}| last 90 days][ for {person}] by source",
        """by source | per source | report … by source | win rate … by source | conversion … by source
        | how … by source | which source | which sources | which channel | leads come from | deals come from
        | 按来源 | 各来源 | 各个来源 | 哪个来源 | 哪些来源 | 哪个渠道 | 哪些渠道""",
        beside=_STAGE,
    ),
    Intent(
        "/funnel report[ {period}| last 90 days] by owner",
        """by owner | per owner | by rep | per rep | by person | per person | report … by owner | report … by rep
        | win rate … by owner | win rate … by rep | win rate … per rep | conversion … by owner | conversion … by rep
        | 按负责人 | 每个人的赢单率 | 各负责人""",
        beside=_STAGE,
    ),
    Intent(
        "/funnel report[ {period}| last 90 days] by pipeline",
        """by pipeline | per pipeline | compare the pipelines | compare pipelines | compare our pipelines
        | pipelines compare | pipelines side by side | pipelines beside each other | which pipeline
        | 按管道 | 各管道 | 各条管道 | 对比管道 | 管道对比 | 比较管道 | 哪条管道""",
    ),
    Intent(
        "/funnel coaching",
        """convert worse | convert better | converts worse | converts better | worse than the team
        | better than the team | worse than the others | needs coaching | need coaching | should i coach
        | 需要辅导 | 该辅导 | 谁要辅导""",
        beside=_STAGE,
    ),
    Intent(
        "/funnel leaks[ {period}| last 90 days][ for {person}]",
        """where do we lose | where did we lose | where are we losing | why do we lose | why did we lose
        | why are we losing | where … deals lost | why … deals lost | lose deals | losing deals | lost deals | were lost
        | lose most | lose the most | loses the most | loses most | stage costs | costs us | cost us | leaks | leaking
        | bottleneck | bottlenecks | loss reasons | reasons for losing | reasons we lose | drop off | fall out
        | where do deals get stuck | where does the time go
        | 流失 | 瓶颈 | 丢单最多 | 输单最多 | 丢得最多 | 丢单原因 | 输单原因 | 为什么丢单 | 为什么输单 | 为什么会丢
        | 在哪里丢 | 在哪丢 | 丢在哪 | 损失最大 | 损失最多""",
        beside=_STAGE,
    ),
    Intent(
        "/funnel leaks[ {period}| last 90 days] for me",
        """where do i lose | where did i lose | where am i losing | why do i lose | why did i lose | why am i losing
        | do i lose most | do i lose the most | my leaks | my bottleneck | my bottlenecks | my loss reasons
        | my lost deals | where do my deals get stuck | where does my time go
        | 我的流失 | 我的瓶颈 | 我的丢单原因 | 我的输单原因 | 我为什么丢单 | 我为什么输单 | 我在哪里丢 | 我在哪丢""",
        beside=_STAGE,
    ),
    Intent(
        "/funnel forecast",
        """what changed | what has changed | changed in the pipeline | what is different | changed since
        | changes since | has slipped
        | deals slipped | deals have slipped | slipped this | slipped last | slipped since | what slipped
        | slipped deals | how many … slipped | which … slipped
        | 以来 … 变化 | 以来 … 变了 | 周 … 变化 | 周 … 变了 | 多少 … 推迟 | 多少 … 延期 | 哪些 … 推迟 | 哪些 … 延期
        | 推迟了多少 | 延期了多少""",
        beside=_TIME,
    ),
    Intent(
        "/funnel aftersales[ {period}]",
        """satisfied | satisfaction | happy … customers | customers happy | nps | net promoter | retention | churn
        | customers renew | who renews | which … renew | how many … renew | renewals | renewal rate | repeat customers
        | due for renewal | due to renew | up for renewal | renewals … due | renewals … coming
        | customers … buy again | customers … bought again | referrals
        | 满意度 | 多满意 | 客户满意 | 客户 … 续约 | 到期 … 续约 | 续约 … 到期
        | 谁 … 续约 | 哪些 … 续约 | 续约率 | 留存 | 复购率 | 客户 … 复购
        | 多少 … 转介绍 | 转介绍 … 多少 | 净推荐值""",
        beside=_TIME,
    ),
    Intent(
        "/funnel trend[ {period}]",
        """trend | trends | over time | has the pipeline grown | pipeline grown | pipeline shrunk | pipeline history
        | growing | shrinking | pipeline trend | pipeline growing | pipeline shrinking | pipeline bigger
        | pipeline smaller | pipeline developed | pipeline changed | grown or shrunk | how has … developed
        | 趋势 | 走势 | 变化趋势 | 增长情况 | 管道 … 增长 | 管道在增长 | 我们的管道 … 增长 | 管道 … 变大
        | 管道 … 变小 | 管道 … 缩小 | 管道 … 变化 | 管道的趋势""",
    ),
    Intent(
        "/funnel nudges[ {period}]",
        """nudges | do nudges help | nudges help | do the nudges help | nudges work | do the nudges work
        | do the reminders help | reminders help | reminders work | are the reminders working | reminders working
        | effect of the nudges | effect of the reminders | nudges made a difference | nudges worth it
        | 提醒 … 有用 | 提醒 … 效果 | 提醒效果 | 提醒 … 有帮助 | 提醒管用 | 提醒 … 管用 | 催办效果 | 催办 … 有用
        | 催办 | 催办 … 效果""",
    ),
    Intent(
        "/funnel target {text}",
        """set a target of | set a target | set the target to | set our target to | set a goal of | set the goal to
        | new target of | make our target | 设定目标 | 设个目标 | 设一个目标 | 把目标定为 | 目标设为 | 目标定为""",
        changes=True,
    ),
    Intent(
        "/funnel targets",
        """on target | goals | goal | targets | target | quota | on track | on pace | behind plan | how far are we
        | our quota | my quota | make our quota | on plan | ahead of plan | my number | hit the target
        | left to sell | far from
        | 目标 | 指标 | 进度 | 配额 | 完成率 | 达标 | 差多少 | 还差 | 指标完成""",
    ),
    Intent(
        "/funnel leaderboard[ {period}]",
        """leaderboard | best seller | best rep | ranking | who is winning | who won the most | top seller
        | top rep | who sold | who is the best | who leads | sold most | who is ahead | top performers
        | closed the most | sold the most | number one | top dog | standings | rank | who did best
        | compare the team | best this
        | 排行榜 | 排名 | 谁卖得 | 谁 … 最多 | 谁最 | 销冠 | 榜单 | 谁业绩 | 谁第一 | 谁签得最多 | 冠军 | 业绩最好
        | 谁 … 第一 | 最强
        | sells the most | who sells | best numbers | 谁卖 | 谁做得最好""",
    ),
    Intent(
        "/funnel commission[ {period}]",
        """commission | did i earn | do i earn | have i earned | will i earn | i make in commission | my earnings
        | my bonus
        | 提成 | 佣金 | 我赚了 | 我能赚 | 赚了多少""",
    ),
    Intent(
        "/funnel model",
        """model | trust the scores | trust the score | how accurate | how good are the scores | how reliable
        | accuracy | scoring | any good | trustworthy
        | 模型 | 评分可信 | 评分准 | 准确 | 准不准 | 可信吗 | 靠得住""",
    ),
    Intent(
        "/funnel subscribe {times}",
        """send the digest | digest | subscribe | post the digest | send a digest
        | 发简报 | 简报 | 订阅""",
        changes=True,
    ),
    Intent(
        "/funnel unsubscribe",
        """stop the digest | unsubscribe | no more digests | no more digest | stop sending the digest
        | end the digest | stop the digests | turn off the digest
        | 不要再发简报 | 取消订阅 | 退订 | 停止简报 | 别再发简报 | 停发简报""",
        changes=True,
    ),
    Intent("/funnel settings", "settings | configuration | preferences | 设置 | 配置"),
)
