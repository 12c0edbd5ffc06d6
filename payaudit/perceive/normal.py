"""Text as a person reads it, letter by letter, with the way back to the original.

Full-width and half-width forms become one (NFKC), case is folded, Traditional
Chinese letters become Simplified, quotes and dashes become ASCII, and what is
invisible falls away: a page that hides a word from search by zero-width spaces
or by letters set apart still says it.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

# Pairs of Traditional and Simplified letters that occur in words about paying
# and watching. One letter each, so that offsets hold; words that differ by more
# than letters (儲值, 登入) are listed in the lexicon under zh-Hant.
_LETTERS = (
    "動动續续費费訂订閱阅連连週周簽签約约託托務务員员體体驗验試试點点幣币錢钱鑽钻積积餘余額额儲储贈赠獎奖勵励鎖锁開开關关閉闭購购買买賣卖單单劇剧後后"
    "廣广觀观視视頻频場场優优價价減减僅仅計计時时間间將将復复漲涨馬马結结過过錯错搶抢離离殘残確确認认棄弃權权禮礼專专屬属機机會会繼继協协議议則则條条"
    "讀读並并為为隱隐說说規规細细詳详聯联絡络係系還还換换釋释虛虚擬拟營营業业執执號号碼码監监護护齡龄歲岁滿满門门檻槛級级別别選选擇择擊击啟启進进載载"
    "應应頁页錄录註注冊册帳账戶户頭头綁绑銀银臺台灣湾圓圆塊块萬万億亿兩两個个張张歷历記记憶忆義义團团隊队導导請请問问謝谢願愿隨随終终於于爾尔實实際际"
    "線线劃划畫画標标籤签許许證证書书節节電电話话網网質质壓压縮缩聲声產产種种類类轉转變变調调設设備备傳传輸输傑杰傷伤愛爱熱热評评論论數数獨独發发佈布"
    "現现黃黄鐘钟無无盡尽達达遊游戲戏樂乐紅红綠绿藍蓝顯显預预經经總总長长東东車车飛飞當当樣样們们來来從从對对學学處处歡欢樓楼誰谁讓让這这裡里裏里邊边"
    "給给幾几檢检測测統统幫帮聽听覺觉報报訊讯運运輕轻鬆松緊紧險险陰阴陽阳雙双雜杂難难靜静須须領领題题頂顶風风飯饭館馆驚惊魚鱼鳥鸟麥麦齊齐龍龙捨舍帐账"
    "賬账衝冲沖冲畢毕觸触貨货貴贵賺赚財财豐丰嗎吗嘗尝鮮鲜宮宫寶宝尋寻屆届嚴严強强徵征態态慮虑憑凭懸悬戰战撥拨攔拦擋挡斷断暫暂榮荣構构歸归殺杀決决沒没"
    "濟济爭争獲获環环異异瞭了稱称穩稳筆笔範范紀纪組组絕绝維维緣缘繳缴罰罚罷罢聞闻職职脫脱臨临舊旧藝艺虧亏術术衛卫補补裝装複复覽览訴诉該该誤误誠诚誘诱"
    "談谈謹谨譯译負负責责貼贴賞赏賠赔趕赶跡迹輯辑辦办違违郵邮釐厘針针鏈链鏡镜閃闪閒闲陸陆階阶顧顾顏颜騙骗騰腾髮发鬥斗鳳凤麼么擾扰據据擁拥櫃柜氣气漢汉"
    "爺爷盜盗競竞雲云紙纸曉晓閲阅爲为説说潛潜暢畅夠够詢询繫系彈弹讚赞鷹鹰兒儿堅坚興兴溫温見见薦荐鍵键舉举內内臉脸極极敗败準准區区檔档啓启剛刚貝贝適适"
    "勢势齒齿損损響响隻只奧奥圍围誕诞賽赛賓宾軟软轟轰輝辉遲迟鋪铺陣阵韓韩顆颗飽饱駐驻騎骑魯鲁鴻鸿麗丽齋斋戀恋寵宠嬌娇孫孙寧宁屍尸島岛嶺岭幀帧廟庙徹彻"
    "恥耻惡恶惱恼憤愤懷怀撫抚擺摆斬斩晝昼棟栋楊杨歐欧毆殴滅灭滾滚漸渐潤润澤泽濕湿燈灯爛烂牆墙獄狱獵猎瑪玛瓊琼癡痴皺皱盤盘眾众矚瞩礙碍禍祸穀谷竊窃純纯"
    "綜综練练罵骂習习聖圣肅肃腦脑膚肤臟脏艦舰莊庄萊莱蓋盖蕭萧薩萨蘭兰蘇苏虜虏蝦虾蟲虫謀谋謊谎識识豬猪貓猫賊贼贏赢軍军輪轮辭辞農农迴回遙遥遠远遷迁邏逻"
    "鄧邓鄭郑醜丑醫医鈴铃銳锐錦锦鑰钥鑑鉴閣阁闊阔闖闯陳陈雞鸡霧雾靈灵飄飘馴驯駕驾驕骄髒脏鬧闹鯉鲤"
)
_FOLD = {
    **dict(zip(_LETTERS[::2], _LETTERS[1::2], strict=True)),
    **dict.fromkeys("‘’ʼ′", "'"),
    **dict.fromkeys("“”″", '"'),
    **dict.fromkeys("‐‑‒–—―−〜", "-"),
}
_FOLDED = str.maketrans(_FOLD)
# Two ideographs or more, each alone between spaces: 取 消, as buttons set them.
_SPACED = re.compile(r"(?:^|(?<=\s))[㐀-鿿](?: [㐀-鿿](?!\S))+")
# A letter with the marks that follow it, also those that choose its text or picture form.
_CLUSTER = re.compile(r".[\u0300-\u036f\u20d0-\u20ff\u3099\u309a\ufe00-\ufe0f]*", re.DOTALL)
_SPACES = (" ", "\n")
_FULL_WIDTH_COMMA = "，"
_ONE_I = str.maketrans({"ı": "i", "\u0307": ""})  # YILLIK and yıllık, İptal and iptal: capitals fold alike
_INFO = "ⓘℹ🛈"  # a mark of its own, and no letter: I'll is none
_OUTRIGHT = frozenset(f"{_INFO}{_FULL_WIDTH_COMMA}ıİ\u0307\ufe0e\ufe0f")  # stands for itself, or falls away


@dataclass(frozen=True, slots=True)
class Normal:
    """A normalised text; ``starts[i]`` and ``ends[i]`` bound letter ``i`` in the original."""

    text: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the original span of the non-empty normalised span ``start:end``."""
        return self.starts[start], self.ends[end - 1]


@lru_cache(maxsize=4096)
def normalise(text: str) -> Normal:
    """Normalise ``text``; any run of white space becomes one space or one newline."""
    if text.isascii() and text.isprintable() and "  " not in text:
        return Normal(text.casefold(), tuple(range(len(text))), tuple(range(1, len(text) + 1)))
    letters: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for cluster in _CLUSTER.finditer(text):
        start, end = cluster.span()
        folded = _fold(cluster[0])
        if folded == _FULL_WIDTH_COMMA and _between_wide_digits(text, start):
            folded = ","
        if folded in _SPACES and letters and letters[-1] in _SPACES:
            letters[-1] = max(letters[-1], folded, key=_SPACES.index)
            ends[-1] = end
            continue
        for letter in folded:
            letters.append(letter)
            starts.append(start)
            ends.append(end)
    plain = "".join(letters)
    spaced = {at for match in _SPACED.finditer(plain) for at in range(match.start() + 1, match.end(), 2)}
    if not spaced:
        return Normal(plain, tuple(starts), tuple(ends))
    kept = [at for at in range(len(plain)) if at not in spaced]
    return Normal(
        "".join(plain[at] for at in kept),
        tuple(starts[at] for at in kept),
        tuple(ends[at] for at in kept),
    )


def folded(text: str) -> str:
    """The text of ``normalise`` alone, for words of a list: without the way back, and quicker."""
    if text.isascii() and text.isprintable() and "  " not in text:
        return text.casefold()
    if not _OUTRIGHT.isdisjoint(text) or not text.isprintable():
        return normalise(text).text
    letters = unicodedata.normalize("NFKC", text).casefold().translate(_FOLDED)
    return normalise(text).text if "  " in letters or _SPACED.search(letters) else letters


@lru_cache(maxsize=8192)
def _fold(cluster: str) -> str:
    if cluster.isspace():
        return "\n" if cluster in "\n\r\v\f\x85\u2028\u2029" else " "
    if cluster == _FULL_WIDTH_COMMA:  # as an ASCII comma it would join two numbers
        return cluster
    if cluster[0] in _INFO:
        return "🛈"
    letters = unicodedata.normalize("NFKC", cluster).casefold()
    if (one_i := letters.translate(_ONE_I)) != letters:
        letters = unicodedata.normalize("NFKC", one_i).casefold()
    return "".join(_FOLD.get(letter, letter) for letter in letters if not _invisible(letter))


def _invisible(letter: str) -> bool:
    return unicodedata.category(letter) == "Cf" or "\ufe00" <= letter <= "\ufe0f"


def _between_wide_digits(text: str, at: int) -> bool:
    return "０" <= text[at - 1 : at] <= "９" and "０" <= text[at + 1 : at + 2] <= "９"
