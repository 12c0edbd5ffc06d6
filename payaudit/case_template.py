"""The commented template that ``payaudit case new`` writes."""

TEMPLATE = """\
# The file of a case; it goes into the evidence and the report. Every field may be left out.
# 案件信息；将写入证据和报告。所有字段均可不填。

number:            # case number · 案号
title:             # what it is about · 案由
mandate:           # what allows the inspection: provision, order, assignment · 检查依据
authority:         # whose investigation it is · 办案机关
officers: []       # names and badge numbers, one or more · 执法人员姓名及证号，一名或多名
account_alias:     # a name for the account in use, never the account itself · 所用账号的代称，不填真实账号
device:            # machine or phone, with its inventory number · 设备及资产编号
place:             # where the walk was made · 取证地点
exit_ip:           # address that servers saw, as observed · 观察到的出口 IP
exit_country:      # its country, two letters such as CN · 出口所在国家或地区，两位字母如 CN
retention_until:   # keep the evidence until, such as 2031-12-31 · 保存期限
notes:             # anything else · 备注
"""
