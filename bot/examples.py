"""How the commands that are shown as examples are typed in Chinese; tests try each."""

from dataclasses import replace

from bot.intent import Intent

IN_CHINESE = {
    "/deal add Acme Corp 12k": "/deal 新建 Acme Corp 12k",
    "/deal assign Acme to @bob": "/deal 分配 Acme 给 @bob",
    "/deal done Acme send the offer": "/deal 完成 Acme 发出报价",
    "/deal find Acme": "/deal 查找 Acme",
    "/deal refer Acme: Globex": "/deal 转介绍 Acme：Globex",
    "/deal renew Acme 2027-03-01": "/deal 续约 Acme 2027-03-01",
    "/deal satisfaction Acme 9 they love the onboarding": "/deal 满意度 Acme 9 上线很顺利",
    "/deal split Acme @bob 30%": "/deal 分成 Acme @bob 30%",
    "/deal template Acme": "/deal 模板 Acme",
    "/funnel aftersales last quarter for @ann": "/funnel 售后 上季度 负责人 @ann",
    "/funnel commission last quarter": "/funnel 提成 上季度",
    "/funnel commission plan 5% then 8% above 100k a quarter": "/funnel 提成 方案 5% 超过 10万 8% 每季度",
    "/funnel forecast next quarter for @ann": "/funnel 预测 下季度 负责人 @ann",
    "/funnel leaderboard last quarter": "/funnel 排行榜 上季度",
    "/funnel leaks last quarter for @ann": "/funnel 流失 上季度 负责人 @ann",
    "/funnel model rollback won": "/funnel 模型 回退 赢单",
    "/funnel notifications 8:30": "/funnel 通知 8:30",
    "/funnel notifications country DE": "/funnel 通知 国家 CN",
    "/funnel nudges last quarter": "/funnel 催办 上季度",
    "/funnel pipeline add Shop from retail": "/funnel 管道 新建 Shop 模板 零售",
    "/funnel pipeline default Shop": "/funnel 管道 默认 Shop",
    "/funnel pipeline rename Shop to Store": "/funnel 管道 改名 Shop 至 Store",
    "/funnel report last quarter for @ann source fair": "/funnel 报告 上季度 负责人 @ann 来源 展会",
    "/funnel schedules pause 12": "/funnel 日程 暂停 12",
    "/funnel set alert channel here": "/funnel 设置 预警频道 这里",
    "/funnel set alert quiet 5": "/funnel 设置 预警间隔 5",
    "/funnel set currency EUR": "/funnel 设置 货币 CNY",
    "/funnel set escalation 1 then 5": "/funnel 设置 升级 1 5",
    "/funnel set field Industry": "/funnel 设置 字段 行业",
    "/funnel set high-value 50k": "/funnel 设置 高价值 5万",
    "/funnel set high-value top 10%": "/funnel 设置 高价值 前10%",
    "/funnel set horizon 30": "/funnel 设置 评分天数 30",
    "/funnel set language 中文": "/funnel 设置 语言 English",
    "/funnel set leaderboard off": "/funnel 设置 排行榜 关闭",
    "/funnel set loss reasons price, timing, a competitor": "/funnel 设置 输单原因 价格、时机、竞争对手",
    "/funnel set manager @ann for @bob": "/funnel 设置 上级 @ann 管 @bob",
    "/funnel set nudge holdback 10%": "/funnel 设置 不提醒比例 10%",
    "/funnel set rate USD 0.92 EUR on 2026-03-01": "/funnel 设置 汇率 USD 7.1 CNY 自 2026-03-01",
    "/funnel set role @bob manager": "/funnel 设置 角色 @bob 销售经理",
    "/funnel set wins here": "/funnel 设置 喜报 这里",
    "/funnel set zone Europe/Berlin": "/funnel 设置 时区 Asia/Shanghai",
    "/funnel stage criteria Qualified are need, budget and date are known": (
        "/funnel 阶段 标准 Qualified 是 需求、预算和日期已明确"
    ),
    "/funnel stage goal Qualified is agree on a date": "/funnel 阶段 目标 Qualified 是 约定日期",
    "/funnel stage insert Demo after Qualified": "/funnel 阶段 插入 Demo 在 Qualified 之后",
    "/funnel stage merge Demo into Qualified": "/funnel 阶段 合并 Demo 到 Qualified",
    "/funnel stage Proposal playbook from b2b Negotiation": "/funnel 阶段 Proposal 打法 来自 b2b Negotiation",
    '/funnel stage Proposal task "Send the offer" in 2 working days': (
        "/funnel 阶段 Proposal 任务 “发出报价” 2个工作日内"
    ),
    '/funnel stage Proposal template "Our offer" "Hello {contact}, here is our offer for {deal}."': (
        "/funnel 阶段 Proposal 模板 “报价” “{联系人}，您好：附上我们的报价。”"
    ),
    "/funnel stage rename Lead to Enquiry": "/funnel 阶段 改名 Lead 为 Enquiry",
    "/funnel stage stalled Qualified 10 days": "/funnel 阶段 停滞 Qualified 10天",
    "/funnel target won 500k a quarter for @bob": "/funnel 设目标 赢单 50万 每季度 负责人 @bob",
    "/funnel trend this year for @ann": "/funnel 趋势 今年 负责人 @ann",
}
"""Those that faults give."""

MEANT_IN_CHINESE = {
    "/deal move {deal} to {stage}": "/deal 移动 {deal} 到 {stage}",
    "/deal advance {deal}": "/deal 推进 {deal}",
    "/deal won {deal}": "/deal 赢单 {deal}",
    "/deal lost {deal}[ because {text}]": "/deal 输单 {deal}[ 因为 {text}]",
    "/deal reopen {deal}": "/deal 重开 {deal}",
    "/deal undo {deal}": "/deal 撤销 {deal}",
    "/deal show {deal}": "/deal 查看 {deal}",
    "/deal why {deal}": "/deal 为什么 {deal}",
    "/deal list stalled": "/deal 列表 停滞",
    "/deal list": "/deal 列表",
    "/deal list all": "/deal 列表 全部",
    "/deal list {stage}": "/deal 列表 {stage}",
    "/deal list {person}": "/deal 列表 {person}",
    "/deal find {text}": "/deal 查找 {text}",
    "/deal note {deal}: {text}": "/deal 备注 {deal}：{text}",
    "/deal call {deal}: {text}": "/deal 电话 {deal}：{text}",
    "/deal meeting {deal}: {text}": "/deal 会议 {deal}：{text}",
    "/deal email {deal}: {text}": "/deal 邮件 {deal}：{text}",
    "/deal set {deal} next step {task}[ by {date}]": "/deal 设置 {deal} 下一步 {task}[ 截止 {date}]",
    "/deal set {deal} next step {task} by {date}": "/deal 设置 {deal} 下一步 {task} 截止 {date}",
    "/deal assign {deal} to {person}": "/deal 分配 {deal} 给 {person}",
    "/deal assign {deal} to me": "/deal 分配 {deal} 给 我",
    "/deal set {deal} amount {amount}": "/deal 设置 {deal} 金额 {amount}",
    "/deal set {deal} close date {date}": "/deal 设置 {deal} 预计成交日期 {date}",
    "/deal add {text}": "/deal 新建 {text}",
    "/deal help": "/deal 帮助",
    "/funnel forecast {stretch} for me": "/funnel 预测 {stretch} 负责人 我",
    "/funnel forecast {stretch}": "/funnel 预测 {stretch}",
    "/funnel forecast[ {stretch}]": "/funnel 预测[ {stretch}]",
    "/funnel forecast": "/funnel 预测",
    "/funnel show": "/funnel 查看",
    "/funnel report {period}": "/funnel 报告 {period}",
    "/funnel report {stretch}": "/funnel 报告 {stretch}",
    "/funnel report this month[ for {person}]": "/funnel 报告 本月[ 负责人 {person}]",
    "/funnel report this quarter[ for {person}]": "/funnel 报告 本季度[ 负责人 {person}]",
    "/funnel report this year[ for {person}]": "/funnel 报告 今年[ 负责人 {person}]",
    "/funnel target {text}": "/funnel 设目标 {text}",
    "/funnel report[ {period}| last 90 days][ for {person}]": "/funnel 报告[ {period}| 最近90天][ 负责人 {person}]",
    "/funnel report[ {period}| last 90 days] for me": "/funnel 报告[ {period}| 最近90天] 负责人 我",
    "/funnel report[ {period}| last 90 days][ for {person}] by source": (
        "/funnel 报告[ {period}| 最近90天][ 负责人 {person}] 按来源"
    ),
    "/funnel report[ {period}| last 90 days] by owner": "/funnel 报告[ {period}| 最近90天] 按负责人",
    "/funnel report[ {period}| last 90 days] by pipeline": "/funnel 报告[ {period}| 最近90天] 按管道",
    "/funnel coaching": "/funnel 辅导",
    "/funnel leaks[ {period}| last 90 days][ for {person}]": "/funnel 流失[ {period}| 最近90天][ 负责人 {person}]",
    "/funnel leaks[ {period}| last 90 days] for me": "/funnel 流失[ {period}| 最近90天] 负责人 我",
    "/funnel aftersales[ {period}]": "/funnel 售后[ {period}]",
    "/funnel trend[ {period}]": "/funnel 趋势[ {period}]",
    "/funnel nudges[ {period}]": "/funnel 催办[ {period}]",
    "/funnel targets": "/funnel 目标",
    "/funnel leaderboard[ {period}]": "/funnel 排行榜[ {period}]",
    "/funnel commission[ {period}]": "/funnel 提成[ {period}]",
    "/funnel model": "/funnel 模型",
    "/funnel subscribe {times}": "/funnel 订阅 {times}",
    "/funnel unsubscribe": "/funnel 退订",
    "/funnel settings": "/funnel 设置",
}
"""Those that free words come closest to."""


def example_for(typed: str, locale: str) -> str:
    """As a reader types it; as it is where nothing is written down for them."""
    return IN_CHINESE.get(typed, typed) if locale.startswith("zh") else typed


def shown_to(intent: Intent, locale: str) -> Intent:
    """The same, with its command as a reader types it."""
    is_chinese = locale.startswith("zh")
    return replace(intent, command=MEANT_IN_CHINESE.get(intent.command, intent.command)) if is_chinese else intent
