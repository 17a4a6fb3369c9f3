/** What whoever opens an export reads first. */
export const README = `符契 Tallystick：成员数据导出 / export of a member's data

中文
----
· tallystick-verifier.html：用浏览器打开（可断网），选入本压缩包，即逐项核验。也可用命令：npm run verify -- export 文件
· bills/编号.json、.pdf：每张票据及其单据页；proofs/编号.json：与区块头之间的证明；documents/：文件
· documents/编号/*.sealed：附件密文；凭本单位的附件恢复码可用核验页离线打开，或用命令：
  RECOVERY_CODE=恢复码 npm run verify -- export 文件 目录
· export.json：单位、人员、指令、收付等各表；tables/*.csv：同样内容的表格，供电子表格打开
· audit.jsonl：操作记录，环环相扣；manifest.json：每个文件的摘要，signature.json：平台对清单的签名
· 压缩包本身不能说明的两件事，请自行对照：manifest.json 中的区块摘要是否在链上；签名地址是否为平台公布的地址

English
-------
- tallystick-verifier.html: open it in a browser (offline as well), choose this archive, and it checks everything.
  Or by command: npm run verify -- export FILE
- bills/NUMBER.json and .pdf: each bill and its sheet; proofs/NUMBER.json: what leads from it to a block; documents/: its documents
- documents/NUMBER/*.sealed: attached documents as ciphertext; with the firm's recovery code the page opens them offline, or by command:
  RECOVERY_CODE=... npm run verify -- export FILE FOLDER
- export.json: the firm, its people, instructions, cash; tables/*.csv: the same for spreadsheets
- audit.jsonl: the audit trail, a chain of hashes; manifest.json: the hash of each file; signature.json: the platform's signature of it
- Two things that the archive cannot say, to be compared by you: that the block of manifest.json is on the chain, and that the
  address that signed is the one that the platform has published
`;
