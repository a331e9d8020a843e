virtual_checks() { say "virtual machine"; bad "not there yet"; }
