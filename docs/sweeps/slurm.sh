#!/bin/bash
#SBATCH --job-name=gradient-lens
#SBATCH --cpus-per-task=1
#SBATCH --requeue
#SBATCH --output=part-%a.log
# A sweep as a Slurm job array, a shard each: SHARDS=8 sbatch --array=1-8 slurm.sh --over depth=1..20
# A task that is run again goes on where it was: SHARDS=8 sbatch --array=3 slurm.sh --over depth=1..20
set -euo pipefail
exec "${GRADIENT_LENS:-gradient-lens}" sweep "$@" \
  --shard "$SLURM_ARRAY_TASK_ID/${SHARDS:?says how many shards there are}" \
  --parallel "${SLURM_CPUS_PER_TASK:-1}" \
  --out "part-$SLURM_ARRAY_TASK_ID.jsonl" --resume
