const COMMAND = "@ASSIZE@"
