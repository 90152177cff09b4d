#!/bin/sh
# Stands in for cargo: says what it was asked for, and puts a script where the program would be. That one says its
# name and what it was started with, and ends with 3. What is $BROKEN cannot be built.
echo "cargo $*"
[ "$3" = "$BROKEN" ] && exit 101
printf '#!/bin/sh\necho "%s runs:$(printf " <%%s>" "$@")"\nexit 3\n' "$3" > "$PROGRAMS/$3"
chmod +x "$PROGRAMS/$3"
