"""Every command: what it is called, what it is for, and where its code lies.

The first page of help is made from this table alone; the code of a command is loaded when it is asked for.
"""

from __future__ import annotations

from typing import NamedTuple


class Named(NamedTuple):
    """One command, or a group of them."""

    name: str
    code: str  # module of payaudit.commands, and the function or Typer app in it
    en: str
    zh: str


class Purpose(NamedTuple):
    """Commands that serve one end, under one heading."""

    en: str
    zh: str
    commands: tuple[Named, ...]


PURPOSES = (
    Purpose(
        "Walk and judge",
        "巡查与判断",
        (
            Named("audit", "walk:audit", "Walk TARGET and judge what was seen.", "巡查 TARGET 并判断所见。"),
            Named(
                "record",
                "walk:record",
                "Open TARGET in a window, record what you do there, judge it, and write it down"
                " as a journey.",
                "在窗口中打开 TARGET，录制你的操作并判断，同时写成巡查脚本。",
            ),
            Named(
                "login",
                "walk:login",
                "Open TARGET in a window, log in by hand, and save the session; nothing is recorded.",
                "在窗口中打开 TARGET，手动登录并保存登录状态；不录制任何内容。",
            ),
            Named(
                "replay",
                "replay:replay",
                "Walk a recording again, answered from its own traffic alone, and say whether it"
                " comes out the same.",
                "仅以录制的流量应答，重新巡查一份录制，并说明结果是否一致。",
            ),
            Named(
                "import",
                "handover:import_",
                "Make evidence of what others recorded: WACZ, WARC or saved HTML.",
                "将他人录制的 WACZ、WARC 或保存的 HTML 转为证据。",
            ),
            Named(
                "sweep",
                "sweep:sweep",
                "Audit every target of a list, and go on where it stopped.",
                "审计列表中的每个目标；可续跑。",
            ),
            Named(
                "judge",
                "judge:judge",
                "Judge a recorded walk again, without a browser.",
                "不用浏览器，重新判断已录制的巡查。",
            ),
        ),
    ),
    Purpose(
        "Look into a case",
        "查看案件",
        (
            Named(
                "facts",
                "judge:facts",
                "Print the facts that the evidence shows, as JSON.",
                "以 JSON 输出证据所示的事实。",
            ),
            Named(
                "explain",
                "judge:explain",
                "Say why the walk pressed what it pressed, a sentence for each step.",
                "逐步说明巡查时为何点按所点之物。",
            ),
            Named(
                "validate",
                "case:validate",
                "Check a report.json against its schema.",
                "按规定格式校验 report.json。",
            ),
            Named(
                "compare",
                "compare:compare",
                "Say what changed between two audits.",
                "说明两次审计之间的变化。",
            ),
            Named("query", "query:query", "Ask the catalogue of sweeps a question.", "查询巡查目录库。"),
            Named(
                "export",
                "query:export",
                "Write a catalogue into one SQLite file.",
                "将目录库导出为一个 SQLite 文件。",
            ),
            Named(
                "sweep-report", "query:sweep_report", "Write the page of a sweep.", "生成一次巡查的网页报告。"
            ),
            Named(
                "serve",
                "query:serve",
                "Look a catalogue over in a web browser.",
                "在网页浏览器中查看目录库。",
            ),
        ),
    ),
    Purpose(
        "Review and hand over",
        "复核与移交",
        (
            Named(
                "review",
                "case:review",
                "Decide on the findings of a case, signed, beside the report.",
                "复核案件线索：在报告旁追加签名的决定。",
            ),
            Named(
                "report",
                "report:report",
                "Write report.html of a recorded walk, and its PDF, tables or SARIF where asked for.",
                "生成已录制巡查的 report.html，并按需生成 PDF、表格或 SARIF。",
            ),
            Named("bundle", "case:bundle", "Pack a case for handing over.", "将案卷打包移交。"),
            Named(
                "redact",
                "handover:redact",
                "Write a copy for handing on, without tokens, phone numbers and other private data.",
                "制作可移交的副本，去除令牌、电话号码等隐私数据。",
            ),
            Named(
                "attach",
                "handover:attach",
                "Add what people collected by hand, in a new evidence file: screenshots, receipts, replies.",
                "将人工收集的材料（截图、收据、账单、回复等）加入新的证据文件。",
            ),
            Named(
                "keygen",
                "seal:keygen",
                "Make a key that signs evidence: NAME.pem, locked by a password, and NAME.pub.pem"
                " to hand out.",
                "生成证据签名密钥：NAME.pem（密码保护）与可公开的 NAME.pub.pem。",
            ),
            Named(
                "seal",
                "seal:seal",
                "Seal a file with a key and time stamps, in files beside it.",
                "用密钥和时间戳封存文件，结果存放在其旁边。",
            ),
            Named(
                "verify",
                "seal:verify",
                "Say line by line what of an evidence file holds, with whose key and by which clock.",
                "逐行说明证据文件哪些内容成立、由谁的密钥签名、以哪个时钟为准。",
            ),
            Named(
                "case",
                "seal:case_app",
                "The file of a case, kept with the evidence.",
                "案件信息，随证据一并保存。",
            ),
        ),
    ),
    Purpose(
        "Rules and provisions",
        "规则与条款",
        (
            Named(
                "rules",
                "rules:rules_app",
                "List, show, check and begin rules.",
                "列出、查看、检查、新建规则。",
            ),
            Named(
                "law",
                "law:law_app",
                "List and show the provisions that findings bear upon.",
                "列出、查看所涉法规条款。",
            ),
        ),
    ),
    Purpose(
        "This machine",
        "本机",
        (
            Named(
                "setup",
                "machine:setup",
                "Fetch what a mini-program runs on, once; everything else works without.",
                "获取运行小程序所需的组件（仅需一次）；其他功能不需要。",
            ),
            Named(
                "doctor",
                "machine:doctor",
                "Say what this machine has and what is missing for a walk.",
                "检查本机是否具备巡查所需的条件。",
            ),
            Named(
                "demo",
                "walk:demo",
                "Audit the bundled micro-drama, served on this machine.",
                "审计随附的示例短剧（仅在本机提供）。",
            ),
            Named(
                "schema",
                "machine:schema",
                "Print the JSON Schema of report.json.",
                "输出 report.json 的 JSON Schema。",
            ),
            Named(
                "cluster",
                "cluster:cluster_app",
                "Sweeps on many machines: certificates, scheduler, workers.",
                "多机巡查：证书、调度器、worker。",
            ),
        ),
    ),
)
