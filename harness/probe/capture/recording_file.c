// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * recording_file.c - the file that a recording writes
 *
 * It is appended to by whole blocks, and cut back to the last of them if there is
 * no room for all: it can be read whenever and however a run ends.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

#include "probe/capture/recording_file.h"
#include "scenario/scenario.h"
#include "version.h"

uint64_t recording_now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_REALTIME, &t);
	return (uint64_t)t.tv_sec * 1000000000ull + (uint64_t)t.tv_nsec;
}

void recording_file_fail(struct recording_file *f, int code, const char *text)
{
	if (!f->err.text[0])
		lc_err_set(&f->err, code, "%s", text);
}

void recording_file_append(struct recording_file *f)
{
	const uint8_t *bytes = f->out.bytes;
	size_t left = f->out.length;

	if (f->out.failed)
		recording_file_fail(f, -ENOMEM, "out of memory");
	while (left && !f->err.text[0]) {
		ssize_t n = write(f->fd, bytes, left);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0) {
			recording_file_fail(f, -EIO,
					    n ? strerror(errno) :
						"it takes no more");
			break;
		}
		bytes += n;
		left -= (size_t)n;
	}
	if (!left)
		f->whole += (off_t)f->out.length;
	else if (ftruncate(f->fd, f->whole))
		recording_file_fail(f, -errno, strerror(errno));
	f->out.length = 0;
}

void recording_file_begin(struct recording_file *f, const struct scenario *s)
{
	struct utsname machine = { "" };
	char os[2 * sizeof(machine.sysname)], comment[256];

	uname(&machine);
	snprintf(os, sizeof(os), "%s %s", machine.sysname, machine.release);
	snprintf(comment, sizeof(comment), "%s%s%s",
		 lc_given(&s->name) ? s->name.text : "",
		 lc_given(&s->name) && lc_given(&s->description) ? ": " : "",
		 lc_given(&s->description) ? s->description.text : "");
	pcapng_add_section(&f->out, &(struct pcapng_section){
		.comment = *comment ? comment : NULL,
		.hardware = machine.machine,
		.os = os,
		.application = "labcheck " LABCHECK_VERSION,
	});
	recording_file_append(f);
}

void recording_file_done(struct recording_file *f)
{
	pcapng_done(&f->out);
}
