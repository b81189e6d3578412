/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * steps.h - runs a scenario inside its sandbox
 */
#ifndef HARNESS_STEPS_H
#define HARNESS_STEPS_H

struct plan;
struct sandbox;

/**
 * steps_run() - Build the lab, run the steps, tell it all
 * @event_fd:	Where events go (report/event.h)
 * @pcap_fd:	Where packets go (probe/capture/recording.h); -1: nowhere
 * @remains_fd:	Where bridges go (remains.h); -1: nowhere
 *
 * Return: 0 if all was told, whatever the verdicts; else an exit status
 */
int steps_run(const struct plan *plan, const struct sandbox *sandbox,
	      int event_fd, int pcap_fd, int remains_fd);

#endif
