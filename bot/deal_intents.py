"""What people may mean of deals: one row for each command, with the words that give it away."""

from bot.intent import Intent

DEAL_INTENTS = (
    Intent(
        "/deal move {deal} to {stage}",
        """move | put | shift | push | drag | bring | take | change | set | mark | goes to | go to | went to
        | should be in | is in | is at | now in | now at | in … with | stage | back to | reached | entered
        | promote | send | -> | → | moved into | moved to | belongs in | progressed to | kick | advance
        | pushed to | up to | sent | sits in | talking about | are in | stands at | jump to | back in
        | 移 | 推进 | 推到 | 进入 | 退回 | 放到 | 改为 | 改成 | 改到 | 转到 | 转入 | 挪 | 到 | 阶段 | 调到
        | 现在是 | 谈到 | 放回 | 升到 | 回到 | 处于 | 在谈 | 推到了 | 切到 | 划到 | 设为 | 调整到 | 跳到""",
        changes=True,
    ),
    Intent(
        "/deal advance {deal}",
        """advance | forward | next stage | one stage | one step | a step | a stage | step ahead | further
        | move … on | move … along | move … ahead | move … up | progress | following stage | along | nudge
        | level up | up a notch | to the next | moves on | keep going with
        | 推进 | 往前 | 向前 | 前进 | 下一阶段 | 下一个阶段 | 下个阶段 | 到下一步 | 往下走 | 推一步 | 再往前
        | 升级 | 下一环节 | 下一步走 | 继续推 | 升一级 | 再进一步""",
        changes=True,
    ),
    Intent(
        "/deal won {deal}",
        """won | win | is won | signed | said yes | we got | closed | landed | is ours | bought | mark … as won
        | in the bag | done deal | is signed | have a signature | came through | gave us the go
        | gave us the order | ordered | is in | got it | made it | sealed | wrapped up | placed the order
        | closed it | deal closed | a yes from
        | 赢了 | 赢单 | 签约了 | 拿下了 | 拿下 | 成交了 | 签合同 | 签合同了 | 签约 | 签了 | 搞定 | 签单 | 已签
        | 赢下 | 到手
        | 定下来 | 谈成 | 成了 | 下单了 | 搞掂 | 签下 | 中标 | 买了 | 敲定
        | contract signed | countersigned | green light | is a customer | 是我们的 | 签完字 | 签字了 | 签成
        | 付款了 | 打款了 | 合同签""",
        changes=True,
    ),
    Intent(
        "/deal lost {deal}[ because {text}]",
        """lost | lose | is lost | is dead | fell through | did not get | didn't get | as lost | gone | said no
        | turned us down | bailed | bailed on us | scratch | pulled out | backed out | dropped out | cancelled
        | canceled | not going to happen | fell apart | no longer interested | walked away | kill
        | close … as lost | passed on | rejected | declined
        | 丢了 | 输单 | 丢单 | 输了 | 没戏 | 黄了 | 没拿下 | 没签成 | 失败了 | 流失 | 不买了 | 抢走 | 凉了 | 不要了
        | 吹了 | 放弃 | 拒绝了 | 泡汤 | 不做了 | 没谈成 | 取消了 | 没成
        | no luck with | ghosted | ghosted us | froze | lost to | slipped away | decided against | opted out
        | fell off | didn't sign | did not sign | didn't buy | did not buy | won't sign | won't buy
        | isn't buying | not buying | didn't close | did not close
        | 没赢 | 没签 | 没签约 | 没中标 | 没买 | 不签了 | 没了
        | 不合作 | 和别人签了 | 跟别人签了 | 跟别人合作 | 选了别人 | 被别人  | 不考虑
        | 没下文  | 飞了 """,
        changes=True,
    ),
    Intent(
        "/deal lost {deal}[ because {text}]",
        """went with a competitor | chose a competitor | went with someone else | chose somebody else
        | went elsewhere | picked someone else | chose someone else | picked a competitor | chose another
        | picked another | signed with someone else | signed with a competitor | bought from someone else
        | 选了竞争对手 | 选了别家 | 选了对手 | 买了别家 | 跟别家签 | 选择了竞争对手 | 选择了别家
        | went with another | went to a competitor """,
        changes=True,
        is_told_whole=True,
    ),
    Intent(
        "/deal reopen {deal}",
        """reopen | re-open | open … again | open again | back to life | revive | came back | is back | resurrect
        | open up again | wants to talk again | is alive again | back on the table | back in play
        | 重开 | 重新打开 | 重新开启 | 恢复 | 又回来了 | 重启 | 又有希望 | 再打开 | 活过来 | 重新跟 | 又活了
        | 重新开始
        | reconsider | resume | restart | warm again | 重新激活 | 激活 | 再跟 | 重新谈 | 重新来""",
        changes=True,
    ),
    Intent(
        "/deal undo {deal}",
        """undo | take back | revert | roll back | go back on | last move | by mistake | was wrong | wrong move
        | my mistake | go back | take that back | didn't mean
        | 撤销 | 撤回 | 恢复到之前 | 取消 … 移动 | 弄错了 | 回退上一步 | 搞错了 | 点错 | 移错 | 退回去 | 还原
        | 撤掉
        | back where it was | as it was | put … back | rewind | cancel that | wrong button | 原来的样子 | 改错
        | 误操作 | 搞反了 | 回到原来 | 复原""",
        changes=True,
    ),
    Intent(
        "/deal show {deal}",
        """show | how is | how are things | what about | where are we | where do we stand | where is | status
        | tell me about | what is up | what is up with | who owns | what stage | which stage | how much is
        | pull up | details | open up | see | look at | how … doing | how … going | news | any update
        | when … close | give me | info | view | what is going on | what is happening | any news on | catch me up
        | fill me in | still alive | update on | update me | remind me where | brief me | tell me more
        | what do we know about | how far | latest on | anything new | how did | pull | open | check | summary of
        | what stage is | next step of | next for
        | 看看 | 看一下 | 查看 | 显示 | 怎么样 | 什么情况 | 哪一步 | 谁负责 | 谁在跟 | 说说 | 进展 | 值多少 | 详情
        | 情况 | 哪个阶段 | 什么阶段 | 是谁 | 打开 | 介绍 | 动静 | 咋样 | 汇报 | 什么进度 | 到哪了 | 进度 | 近况
        | 说一下 | 讲讲 | 怎样 | 看下 | 查一下 | 什么时候 | 多少钱 | 在哪
        | what do you have on | what have we got on | describe | overview of | what became of | get me | how long
        | 走到哪 | 多久
        | 到哪儿 | 状况 | 如何了 | 现状 | 怎么了 | 没输 | 没有输 | 没丢 | 没有丢 | 没黄 | 没凉 | 没流失""",
    ),
    Intent(
        "/deal why {deal}",
        """how likely | likely | chance | chances | will we win | will … close | will … sign | probable
        | probability | why | score | odds | explain | going to close | going to win | going to sign | can we win
        | do we win | likelihood | how sure | how good are our | stand a chance | reasons | how confident
        | confident | more likely | can we close | is … winnable | winnable | good shot | a shot | will … buy
        | do you think | how good | how strong | forecast for | rate
        | 赢面 | 赢单概率 | 赢单的概率 | 赢单率 | 成交概率 | 概率 | 能成吗 | 多大可能 | 可能性 | 为什么 | 评分
        | 分数 | 拿得下 | 机会 | 胜算 | 解释 | 能赢
        | 把握 | 能签下 | 几率 | 为何 | 希望大 | 能拿下 | 有戏 | 赢率 | 几成 | 成功率 | 拿下吗 | 靠谱 | 多大
        | 看好
        | realistic | expect to win | chances look | promising | 能不能成 | 能成 | 会不会签 | 行不行 | 成的几率
        | 希望""",
    ),
    Intent(
        "/deal list stalled",
        """stuck | stalled | gone quiet | needs my attention | need my attention | need attention | haven't moved
        | have not moved | going cold | quiet | not moving | no progress | going nowhere | gone cold | neglected
        | needs attention | cold deals | should i look at | should i do | should i work on | chase
        | sitting around | too long | in ages | needs a push | need a push | slipping | forgotten | overdue | idle
        | old deals | no activity | should i call | should i focus | attention | inactive | dormant | at risk
        | waiting too long
        | 卡住 | 停滞 | 很久没动 | 需要我关注 | 没进展 | 冷下来 | 没有进展 | 没动静 | 需要关注 | 该跟进 | 不动了
        | 该做什么 | 卡在 | 晾着 | 该跟进谁 | 拖了 | 没人跟 | 没联系 | 太久 | 沉睡 | 关注 | 没推进 | 搁置 | 有风险
        | 该联系 | 需要我处理 | 需要处理 | 要处理
        | neglecting | not been touched | untouched | not touched | ignoring | dead in the water | on ice
        | no movement | 被我忽略 | 忽略 | 没碰 | 没更新 | 冷掉 | 拖着 | 没人管 | 不动的""",
    ),
    Intent(
        "/deal list",
        """my deals | my open deals | my … deals | am i working on | on my plate | do i have | my pipeline
        | my list | do i own | deals of mine | deals i have | deals do i | my leads | my opportunities
        | list deals | my accounts | have i got | i got going | i got | my stuff | my current deals | my book
        | am i on | what is mine
        | 我的商机 | 我的单子 | 我手上 | 我在跟 | 我的管道 | 我有哪些 | 我有什么 | 我负责 | 我跟进 | 我的客户
        | 我的线索 | 我现在有 | 我的列表 | 我的 … 商机 | 我的项目 | 我名下
        | are mine | belong to me | assigned to me | under my name | 归我 | 我跟的 | 属于我 | 我自己的""",
    ),
    Intent(
        "/deal list all",
        """everyone's deals | all open deals | all deals | whole team | all the deals | every deal
        | everybody's deals | team's deals | all our deals | our deals | deals do we have | are we working on
        | everything open | the whole team | all of our deals | deals in the team | company deals
        | list everything | whole list
        | 全部商机 | 所有商机 | 大家 | 全部单子 | 所有单子 | 所有的商机 | 全部的商机 | 我们有哪些商机 | 团队的商机
        | 团队的单子 | 整个团队 | 全公司 | 所有人 | 团队在跟 | 公司所有
        | team list | everybody | we all have | 全体 | 大家的 | 团队全部""",
    ),
    Intent(
        "/deal list {stage}",
        """deals | deal | in | everything | which | what | show | list | who is in | sitting in | is in | at
        | stage | show me
        | 商机 | 单子 | 有哪些 | 有什么 | 看看 | 哪些 | 阶段 | 谁在 | 列出 | 在""",
    ),
    Intent(
        "/deal list {person}",
        """working on | deals | deal | pipeline | what does … have | what has | doing | got open | has | busy with
        | list | up to | have | own | owns
        | 在跟 | 商机 | 单子 | 手上 | 负责什么 | 在做什么 | 跟进 | 忙什么 | 手里 | 有什么 | 有哪些 | 列表""",
    ),
    Intent(
        "/deal find {text}",
        """find | search for | search | do we have a deal with | do we have anything with | look up | look for
        | is there anything about | is there a deal with | anything about | do we know | anything on
        | any deal with | any deals with | have we ever | sold to | sell to | ever sold to | have we ever sold to
        | heard of | where is the deal with | check if we have | is there something on | anything from | know of
        | 查找 | 搜一下 | 搜索 | 搜 | 有没有 | 找找 | 找一下 | 查一下 | 查查 | 找 | 搜搜看 | 搜搜 | 查找一下
        | 是否有 | 搜一搜
        | do you know a company called | a company called | any record of | search our deals for | 有这家 | 找个""",
    ),
    Intent(
        "/deal note {deal}: {text}",
        """note | a note | add a note to | note on | remember for | log on | log | jot down | write down
        | for the record | remember that | note that | put on record | comment | keep in mind | saying
        | make a note | put a note on | fyi | add to | keep track | update on | they said
        | 记一下 | 备注 | 记录 | 记一笔 | 记下 | 记住 | 注明 | 记上 | 补充 | 写一下 | 做个记录 | 添加备注 | 加备注
        | 加个备注 | 记着
        | heads up | write on | memo | 记个事 | 记个 | 写个备注 | 补一句 | 写下""",
        changes=True,
    ),
    Intent(
        "/deal call {deal}: {text}",
        """called | had a call with | a call with | on the phone | spoke to | spoke with | talked to | talked with
        | rang | phoned | had a chat with | phone call with | got off the phone with | on a call with
        | a quick call | left a voicemail | call with
        | 打了电话 | 打过电话 | 通了电话 | 通话 | 聊了 | 通过电话 | 打电话给了 | 打给 | 电话里 | 打过去 | 聊过
        | 通了话
        | chatted with | dialled | 打了个电话 | 电话沟通""",
        changes=True,
    ),
    Intent(
        "/deal meeting {deal}: {text}",
        """met | met with | had a meeting with | a meeting with | visited | had lunch with | demoed to | saw
        | 开了会 | 开会 | 拜访了 | 见了 | 见面 | 碰了面 | 会面
        | coffee with | dinner with | breakfast with | drinks with | sat down with | 喝了咖啡 | 吃了饭 | 吃饭
        | 面谈 | 拜访""",
        changes=True,
    ),
    Intent(
        "/deal email {deal}: {text}",
        """emailed | mailed | wrote to | sent an email to | wrote an email to
        | 发了邮件 | 发邮件给了 | 写了邮件""",
        changes=True,
    ),
    Intent(
        "/deal set {deal} next step {task}[ by {date}]",
        """remind me | remind us | reminder | don't let me forget | do not let me forget | don't forget
        | next step for | next step | i need to | i have to | i must | i should | we need to | todo | to do
        | ping me | ping me on | nudge me | tell me to | wake me | schedule | set a reminder
        | set a reminder to | make a task | add a task | task | my next step is to | have me | plan to
        | 提醒我 | 提醒一下我 | 提醒 | 别忘了 | 不要忘了 | 下一步 | 记得 | 我要 | 我得 | 我需要 | 待办 | 叫我
        | 通知我 | 催我 | 安排 | 设个提醒 | 到时候 | 计划 | 建个任务
        | poke me | alert me | jog my memory | 喊我 | 喊我一声 | 别让我忘 | 提示我 | 记着要""",
        changes=True,
    ),
    Intent(
        "/deal set {deal} next step {task} by {date}",
        """follow up | check in with | call back | get back to | circle back | touch base | chase
        | need to hear from
        | 跟进 | 回访 | 联系 | 再联系 | 回电""",
        changes=True,
        is_told_whole=True,
    ),
    Intent(
        "/deal assign {deal} to {person}",
        """give | assign | takes over | take over | hand | should own | owns | owner | is for | belongs to | pass
        | transfer | reassign | goes to | will take | takes | let | is taking | taking | from now on | to | take
        | is the new owner | switch | responsible | handles | will handle | put … on
        | 交给 | 分配给 | 负责 | 转给 | 给 | 移交 | 归 | 接手 | 指派 | 换 | 来跟 | 接管 | 跟进 | 给到 | 转交 | 接
        | 交由
        | is in charge of | looks after | run by | 来弄 | 来管 | 来做 | 盯 | 负责人是 | 跟着""",
        changes=True,
    ),
    Intent(
        "/deal assign {deal} to me",
        """make me the owner | i'll take | i will take | give me | assign me | assign … to me | is mine
        | i am taking | i'm taking | hand … to me | give … to me
        | 由我 | 我来负责 | 我来跟 | 给我 | 归我 | 我接手""",
        changes=True,
    ),
    Intent(
        "/deal set {deal} amount {amount}",
        """worth | set | amount | value | went up to | went down to | is now | instead | price | change | update
        | make | up to | down to | to | costs | raise | lower | increase | bump | went to | grew to | dropped to
        | cut to | it is | now | raised | increased | for | bigger | at | doubled to | asking for | budget is
        | deal size
        | 金额 | 值 | 涨到 | 降到 | 价格 | 改成 | 改为 | 设为 | 改到 | 报价 | 变成 | 加到 | 减到 | 涨 | 降 | 变为
        | 预算 | 调到 | 提到 | 现在是 | 总额 | 是
        | around | about | roughly | comes to | total of | 大概 | 大约 | 差不多 | 左右 | 一共 | 合同额""",
        changes=True,
    ),
    Intent(
        "/deal set {deal} close date {date}",
        """will close | closes | close date | closing | expect | to sign | due | will sign | slips to | slipped to
        | close by | pushed to | close on | signs | postponed to | moved to | move | push | slipped | slips
        | delayed to | delayed | delayed until | postponed until | pushed until | slips until
        | closing on | decide | decides | decision | wants to sign | move … to
        | expected on | expected | sign on | close | by
        | 成交日期 | 预计 | 签 | 关单 | 推迟到 | 延到 | 延期到 | 成交 | 推迟 | 延期 | 改到 | 签约 | 拍板 | 定
        | 敲定 | 预期""",
        changes=True,
    ),
    Intent(
        "/deal add {text}",
        """add a deal | add deal | new deal called | start a new deal called | new deal | create a deal | create
        | add | new lead | add a new deal | a new lead | new opportunity | start a deal | new deal with
        | create a new deal | add a lead | got a new one | new one | a new one | new customer | new prospect
        | log a new deal | register | track | set up a deal | open a deal | open a new deal | new account
        | put in a new deal
        | 新建商机 | 添加商机 | 新建一个商机 | 创建一个商机 | 添加一个商机 | 添加一个商机 | 新建 | 添加 | 新线索
        | 新商机 | 新增商机 | 新增 | 加一个商机 | 创建商机 | 创建
        | 来了个新客户 | 新客户 | 录入 | 登记 | 建一个 | 建个 | 来了个新线索 | 新加 | 加一个 | 新项目""",
        changes=True,
    ),
    Intent(
        "/deal help",
        """help | what can you do | how does this work | hi | hello | hey there | good morning | good afternoon
        | what can i ask | commands | what can i say | how do i use | what do you do | how do you work
        | get started | how can you help | what else | instructions | i am lost | what are my options | menu
        | 帮助 | 你能做什么 | 怎么用 | 你好 | 早上好 | 您好 | 你会什么 | 能干什么 | 有哪些命令 | 如何使用 | 下午好
        | 教我 | 说明 | 菜单 | 怎么操作 | 能做什么 | 有什么功能
        | hey | good evening | how are you | 嗨 | 大家好 | 晚上好 | 你好吗""",
    ),
)
