#!/bin/sh
# SHARDS processes of one machine: OUT=folder SHARDS=3 scripts/cluster/local.sh --model M --site S --scenes N [...]
set -eu
cd "$(dirname "$0")/../.."
: "${SHARDS:=2}" "${OUT:=dissection}"
mkdir -p "$OUT"

vitrine() { node_modules/.bin/tsx --tsconfig tsconfig.node.json src/headless/vitrine.ts "$@"; }

phase() {
  name=$1
  shift
  pids=
  for index in $(seq 0 $((SHARDS - 1))); do
    vitrine dissect "$name" "$@" --shard "$index/$SHARDS" --out "$OUT/$name.$index.part" &
    pids="$pids $!"
  done
  for pid in $pids; do wait "$pid"; done
}

parts() { for index in $(seq 0 $((SHARDS - 1))); do echo "$OUT/$1.$index.part"; done; }

phase quantile "$@"
# shellcheck disable=SC2046
vitrine dissect merge $(parts quantile) --out "$OUT/thresholds.part"
phase count --thresholds "$OUT/thresholds.part" "$@"
# shellcheck disable=SC2046
vitrine dissect merge $(parts count) --out "$OUT/table.json"
