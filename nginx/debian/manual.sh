#!/bin/sh
# Turns the configuration file that `krea-fcgi sample-config` writes into the manual page krea-fcgi(5).
set -eu
echo '.TH KREA\-FCGI 5 "" krea\-fcgi "File formats"'
echo '.SH NAME'
echo 'krea\-fcgi \- the configuration of krea\-fcgi'
echo '.SH DESCRIPTION'
# Blocks between empty lines. The first is about the file; each other one is a setting: what it is for, what is allowed, and as its
# last line "#NAME = default".
sed 's/\\/\\\\/g; s/-/\\-/g' | awk '
    BEGIN { RS = ""; FS = "\n" }
    $NF ~ /^#[A-Z_0-9]+ =/ {
        if (!count++) print ".SH SETTINGS"
        name = $NF; sub(/^#/, "", name); sub(/ =.*/, "", name)
        fallback = $NF; sub(/^[^=]*= ?/, "", fallback)
        printf ".TP\n.B %s\n", name
        for (i = 1; i < NF; i++) { sub(/^# /, "", $i); sub(/^allowed:/, "Allowed:", $i); printf "%s.\n", $i }
        if (fallback != "") printf "Default: %s\n", fallback
        next
    }
    { for (i = 1; i <= NF; i++) { if ($i ~ /^# ?$/) print ".PP"; else { sub(/^# /, "", $i); print $i } } }
'
echo '.SH SEE ALSO'
echo '.BR krea\-fcgi (1)'
