# What sweep.sbatch and array.sbatch share; sourced by both. Needs patchead and arguments.

say() { echo "patchead: $(date -u +%FT%TZ) job ${SLURM_JOB_ID:-none} restart ${SLURM_RESTART_COUNT:-0}: $*"; }

# Slurm runs a copy of the script, so that $0 says nothing.
home=${PATCHEAD_HOME:-${SLURM_SUBMIT_DIR:-$PWD}}
cd "${SLURM_SUBMIT_DIR:-$home}" || exit 1
. "$home/slurm/home.sh" || exit 1
[ $# -gt 0 ] || { say "no arguments; sbatch SCRIPT CONFIG [options of patchead sweep]"; exit 1; }

# A first word without a dash is a config file.
arguments=()
case $1 in -*) ;; *) arguments+=(--config "$1"); shift ;; esac
arguments+=("$@")

export SRUN_CPUS_PER_TASK=${SLURM_CPUS_PER_TASK:-1}   # srun ignores SLURM_CPUS_PER_TASK since 22.05
export OMP_NUM_THREADS=${SLURM_CPUS_PER_TASK:-1} HDF5_USE_FILE_LOCKING=FALSE
arguments+=(--threads "$OMP_NUM_THREADS")

# The exit code of srun proves nothing (0 after a failed launch, 137 for any crash): run.json does.
# 0 done, 74 disk full, 75 unfinished, 76 failures, 77 unfinished and not one unit done, 1 no run.
status() { "$patchead" status "${arguments[@]}" >/dev/null 2>&1; }

# Leaves the run of before out of the way, so that its end is not taken for that of the next one.
forget() { output=$("$patchead" status --folder "${arguments[@]}" 2>/dev/null) && mv -f "$output/${1:-run.json}" "$output/last-${1:-run.json}" 2>/dev/null; true; }

# Ends the job with the last code, or puts it back into the queue, if it made progress.
# $1: status of the last try; $2: whether any try made progress.
finish() {
  case $1 in
    0) say "done"; exit 0 ;;
    74) say "the disk is full or read-only: make room and submit again; nothing is lost"; exit 74 ;;
    76) say "finished, but units failed: see run.json, mend the cause, submit again"; exit 76 ;;
  esac
  if [ "$2" = no ]; then
    say "giving up: this run did not finish a single unit (see the messages above and OUTPUT/logs); submit again when the cause is mended"
    exit 77
  fi
  say "unfinished; back into the queue"
  scontrol requeue "$SLURM_JOB_ID" && sleep 600   # killed here, and started again
  say "could not be requeued; submit again and it goes on"
  exit 75
}
