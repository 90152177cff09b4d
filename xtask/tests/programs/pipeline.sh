# Three programs, each of which works on what the one before it has written already.

awk 'BEGIN { for (n = 0; n < 2000000; n++) print n * n % 1000003 }' |
    awk '{ print $1 % 97 * 3 }' |
    awk '{ total += $1 % 7 } END { print total }'
