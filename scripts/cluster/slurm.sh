#!/bin/sh
# Submits a dissection as two job arrays and two merges, each after what it needs:
#   SHARDS=16 OUT=/shared/dissection scripts/cluster/slurm.sh --model M --site S --scenes N [...]
# OUT must be seen by all nodes. Requeued tasks go on from their checkpoints.
set -eu
cd "$(dirname "$0")/../.."
: "${SHARDS:=16}" "${OUT:=$PWD/dissection}"
mkdir -p "$OUT"
last=$((SHARDS - 1))
run="node_modules/.bin/tsx --tsconfig tsconfig.node.json src/headless/vitrine.ts dissect"
# %a in --output and $SLURM_ARRAY_TASK_ID in the command are the shard's number, set by the scheduler.
shard="--shard \$SLURM_ARRAY_TASK_ID/$SHARDS"

array() { # name, dependency, arguments
  name=$1
  after=$2
  shift 2
  sbatch --parsable --requeue --job-name "dissect-$name" --cpus-per-task 1 --mem 4G --array "0-$last" $after \
    --output "$OUT/$name.%a.log" \
    --wrap "$run $name $* $shard --out $OUT/$name.\$SLURM_ARRAY_TASK_ID.part"
}

merge() { # name, dependency, output
  files=$(for index in $(seq 0 "$last"); do printf '%s ' "$OUT/$1.$index.part"; done)
  sbatch --parsable --job-name "dissect-merge-$1" --mem 8G --dependency "afterok:$2" \
    --output "$OUT/merge-$1.log" --wrap "$run merge $files --out $3"
}

quantile=$(array quantile "" "$@")
thresholds=$(merge quantile "$quantile" "$OUT/thresholds.part")
count=$(array count "--dependency=afterok:$thresholds" --thresholds "$OUT/thresholds.part" "$@")
merge count "$count" "$OUT/table.json"
