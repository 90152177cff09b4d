# Two jobs at once, each of which hands over all its lines when it is done, more than a pipe holds; or, started
# with `make`, by two goals of which make keeps the lines.
job() {
    echo "job $1: begin"
    sleep 0.2
    seq -f "job $1: item %.0f of a listing with lines that are as long as those of a log" 1 4000
    echo "job $1: end"
}

case "$1" in
make) printf 'all: one two\none two: ; @sh %s $@\n' "$0" | make -s -O -j2 -f - ;;
'')
    for name in one two; do
        (lines=$(job "$name"); echo "$lines") &
    done
    wait
    ;;
*) job "$1" ;;
esac
