// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * interleave.c - time several commands side by side, as whole processes
 *
 *	interleave ROUNDS SETTLE_MS NAME COMMAND... [:: NAME COMMAND...]...
 *
 * What a machine does besides, and how its clock runs, changes from minute to
 * minute; so the commands take turns, and what counts are ratios of times that
 * were taken in one round.  Between two of them is a pause: the kernel takes
 * namespaces down after their last process is gone, and the next command must
 * not pay for that.  The first round warms up and is not counted, unless it is
 * the only one.
 *
 * Prints a line for each command, with a tab between its words: name, rounds,
 * median, least and most time in ms, CPU time in ms, how much of that was spent
 * outside of the kernel (a mean: it is only sampled, by the tick of the clock),
 * most memory in KiB, wrong results, and the ratio of its time to that of each
 * command, in their order.
 * Memory is the most that any one of a command's processes had resident, what it
 * shares with others included: so a part that two of them have counts once, as
 * it should, and what a second one has for itself is only seen if it is more.
 * A wrong result is a line that begins with `not ok`.  A command that fails
 * without having printed one ends everything: a time of a job not done is worth
 * nothing.
 */
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { COMMANDS_MAX = 16, ROUNDS_MAX = 1000 };

struct sample {
	double wall_ms;
	double cpu_ms, user_ms;
	long memory_kib;
	size_t wrong;
};

struct command {
	const char *name;
	char **argv;
	struct sample samples[ROUNDS_MAX];
};

static struct command commands[COMMANDS_MAX];
static size_t command_count;

extern char **environ;

static double now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static double timeval_ms(struct timeval t)
{
	return (double)t.tv_sec * 1e3 + (double)t.tv_usec / 1e3;
}

static void settle(long ms)
{
	struct timespec pause = { ms / 1000, ms % 1000 * 1000000 };

	while (nanosleep(&pause, &pause) && errno == EINTR)
		;
}

static size_t count_wrong(int output)
{
	FILE *file = fdopen(output, "r");
	char line[4096];
	size_t count = 0;

	if (!file)
		return 0;
	rewind(file);
	while (fgets(line, sizeof(line), file))
		count += !strncmp(line, "not ok", 6);
	fclose(file);
	return count;
}

static void wait_for(const struct command *command, pid_t pid, double start,
		     int output, struct sample *ret_sample)
{
	struct rusage usage;
	int status;

	if (wait4(pid, &status, 0, &usage) != pid) {
		perror("wait4");
		exit(2);
	}
	*ret_sample = (struct sample){
		.wall_ms = now_ms() - start,
		.cpu_ms = timeval_ms(usage.ru_utime) +
			  timeval_ms(usage.ru_stime),
		.user_ms = timeval_ms(usage.ru_utime),
		.memory_kib = usage.ru_maxrss,
		.wrong = count_wrong(output),
	};
	if (!ret_sample->wrong && (!WIFEXITED(status) || WEXITSTATUS(status))) {
		fprintf(stderr, "%s failed (status 0x%x)\n", command->name,
			(unsigned int)status);
		exit(1);
	}
}

/* Run a command to its end; its errors are shown, its output is looked through
 * when the time is taken */
static struct sample run(const struct command *command)
{
	posix_spawn_file_actions_t actions;
	int output = memfd_create("output", MFD_CLOEXEC);
	struct sample sample;
	double start;
	pid_t pid;
	int error;

	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_adddup2(&actions, output, 1);

	start = now_ms();
	error = posix_spawnp(&pid, command->argv[0], &actions, NULL,
			     command->argv, environ);
	if (output < 0 || error) {
		fprintf(stderr, "%s: %s\n", command->argv[0],
			strerror(error ?: errno));
		exit(2);
	}
	wait_for(command, pid, start, output, &sample);
	posix_spawn_file_actions_destroy(&actions);
	return sample;
}

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static void sort(double *values, size_t count)
{
	qsort(values, count, sizeof(*values), compare);
}

static double median(const double *sorted, size_t count)
{
	return (sorted[(count - 1) / 2] + sorted[count / 2]) / 2;
}

static double ratio(const struct command *command, const struct command *other,
		    size_t rounds)
{
	double ratios[ROUNDS_MAX];

	for (size_t i = 0; i < rounds; i++)
		ratios[i] = command->samples[i].wall_ms /
			    other->samples[i].wall_ms;
	sort(ratios, rounds);
	return median(ratios, rounds);
}

static void print_row(const struct command *command, size_t rounds)
{
	double wall[ROUNDS_MAX], cpu[ROUNDS_MAX], user_ms = 0;
	long memory_kib = 0;
	size_t wrong = 0;

	for (size_t i = 0; i < rounds; i++) {
		const struct sample *s = &command->samples[i];

		wall[i] = s->wall_ms;
		cpu[i] = s->cpu_ms;
		user_ms += s->user_ms / (double)rounds;
		wrong += s->wrong;
		if (s->memory_kib > memory_kib)
			memory_kib = s->memory_kib;
	}
	sort(wall, rounds);
	sort(cpu, rounds);
	printf("%s\t%zu\t%.2f\t%.2f\t%.2f\t%.2f\t%.2f\t%ld\t%zu",
	       command->name, rounds, median(wall, rounds), wall[0],
	       wall[rounds - 1], median(cpu, rounds), user_ms, memory_kib,
	       wrong);
	for (size_t i = 0; i < command_count; i++)
		printf("\t%.2f", ratio(command, &commands[i], rounds));
	putchar('\n');
}

static void usage(void)
{
	fprintf(stderr, "usage: interleave ROUNDS SETTLE_MS NAME COMMAND... "
			"[:: NAME COMMAND...]...\n");
	exit(2);
}

static long number(const char *text, long max)
{
	char *end;
	long value = strtol(text, &end, 10);

	if (end == text || *end || value < 1 || value > max)
		usage();
	return value;
}

/* Each NAME COMMAND... up to `::` or the end becomes one of the commands */
static void take_commands(char **words)
{
	while (*words) {
		struct command *command = &commands[command_count++];

		command->name = *words++;
		command->argv = words;
		while (*words && strcmp(*words, "::"))
			words++;
		if (words == command->argv || command_count == COMMANDS_MAX)
			usage();
		if (*words)
			*words++ = NULL;
	}
}

int main(int argc, char **argv)
{
	size_t rounds;
	long pause_ms;

	if (argc < 5)
		usage();
	rounds = (size_t)number(argv[1], ROUNDS_MAX);
	pause_ms = number(argv[2], 60000);
	take_commands(argv + 3);

	for (size_t round = rounds == 1; round <= rounds; round++) {
		for (size_t i = 0; i < command_count; i++) {
			struct sample sample = run(&commands[i]);

			settle(pause_ms);
			if (round)
				commands[i].samples[round - 1] = sample;
		}
	}
	for (size_t i = 0; i < command_count; i++)
		print_row(&commands[i], rounds);
	return 0;
}
