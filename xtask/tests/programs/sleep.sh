# Waits for a moment, and needs no core meanwhile.

echo "$1: begin"
sleep 0.2
echo "$1: end"
