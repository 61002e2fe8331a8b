"""A dossier (卷宗文件夹): a folder with `dossier.json` and its files; read, written, held against rulebooks."""
