"""What programs ask (程序接口): so far the Ledger's tiles, as C2SP tlog-tiles lays them out."""
