"""What people may mean of the funnel: one row for each command, with the words that give it away."""

from bot.intent import Intent

FUNNEL_INTENTS = (
    Intent(
        "/funnel forecast {period} for me",
        """my pipeline | my forecast | will i | i win | i close | my quarter | my month | do i make
        | 我 … 的管道 | 我 … 管道 | 我的预测 | 我 … 能赢多少 | 我 … 能签多少 | 我 … 能赢 | 我 … 能签 | 我 … 能完成
        | 我的管道""",
    ),
    Intent(
        "/funnel forecast {period}",
        """how does … look | how is … looking | will we hit | will we close | will we win | will we make | how will
        | expected | looking like | where will we land | will we land | we land | are we doing | how is | we make
        | in for | bring in | will … bring | come in | going to win | going to close | expect
        | 怎么样 | 能完成 | 能签多少 | 能赢多少 | 预计 | 能做多少 | 能到多少 | 预计能 | 会怎样 | 能拿下多少 | 能收
        | 业绩预计 | 大概能
        | can we expect | make it | 能进多少 | 收入预计 | 做到多少 | 卖多少""",
    ),
    Intent(
        "/funnel forecast[ {period}]",
        "forecast | outlook | projection | predict | 预测 | 前景 | 预期",
    ),
    Intent(
        "/funnel show",
        """funnel | the team's pipeline | our pipeline | overview | whole pipeline | team pipeline | the pipeline
        | 漏斗 | 团队的管道 | 管道概览 | 概览 | 我们的管道 | 整体管道 | 销售管道""",
    ),
    Intent(
        "/funnel report {period}",
        """what happened | report | how did we do | summary | summarize | how was | how did … go | recap | review
        | results | look back | looking back | how many did we | what did we | numbers | performance | stats
        | figures | did we win | did we close | did we lose
        | 做得怎么样 | 报告 | 总结 | 报表 | 情况 | 怎么样 | 业绩 | 回顾 | 汇总 | 业绩如何 | 数据 | 复盘 | 成绩
        | 赢了多少 | 统计 | 如何""",
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
