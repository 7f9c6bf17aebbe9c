#!/bin/bash
# A sweep by GNU parallel, a shard each, on this machine or on those that --sshlogin names:
# SHARDS=8 parallel.sh --over depth=1..20
# What failed or was cut off is run again by the same command: shards that are whole have nothing to do.
set -euo pipefail
shards="${SHARDS:?says how many shards there are}"
parallel --jobs "${JOBS:-100%}" --halt never --retries 2 \
  "${GRADIENT_LENS:-gradient-lens}" sweep "$@" \
  --shard "{}/$shards" --parallel 1 --out 'part-{}.jsonl' --resume ::: $(seq "$shards")
