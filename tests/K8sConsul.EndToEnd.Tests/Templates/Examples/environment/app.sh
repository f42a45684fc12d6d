#!/bin/sh
# Stands for any program that takes its settings from the environment.
set -a
. ./app.env
echo "started with COLOR=$COLOR DB_HOST=$DB_HOST" >> app.log
trap 'echo "stopped with COLOR=$COLOR" >> app.log; exit 0' TERM
while [ ! -e app.end ]; do sleep 0.05; done
exit "$(cat app.end)"
