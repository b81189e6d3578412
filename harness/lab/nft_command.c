// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * nft_command.c - commands of nft, given to nodes while the lab runs
 *
 * In a child, since libnftables may end the program (nft.c).  What it says
 * comes back by a pipe: first how many nodes took the commands, then the words.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <nftables/libnftables.h>

#include <labcheck/auto.h>

#include "lab/lab.h"
#include "lab/nft_command.h"
#include "lab/nft_library.h"

static bool run_in(const struct nft_library *library, struct lc_node *node,
		   const char *text, bool speak, int fd)
{
	struct nft_ctx *ctx;
	const char *said;
	bool ok;

	if (node_enter(node, NULL))
		return false;
	ctx = library->ctx_new(NFT_CTX_DEFAULT);
	if (!ctx)
		return false;
	library->set_flags(ctx, NFT_CTX_OUTPUT_HANDLE |
					NFT_CTX_OUTPUT_STATELESS);
	library->buffer_error(ctx);
	library->buffer_output(ctx);
	ok = !library->run_text(ctx, text);
	said = ok && speak ? library->output_text(ctx) : NULL;
	if (said && write(fd, said, strlen(said)) < 0)
		ok = false;
	library->ctx_free(ctx);
	return ok;
}

static _Noreturn void child_main(struct lc_node *const *nodes, size_t count,
				 const char *text, int fd)
{
	struct nft_library library;
	uint32_t taken = 0;
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	dup2(null, STDOUT_FILENO);
	dup2(null, STDERR_FILENO);
	if (nft_library_open(&library))
		for (size_t i = 0; i < count; i++)
			taken += run_in(&library, nodes[i], text,
					i + 1 == count, fd);
	/* The number comes last, so that words and number can't be mixed up */
	if (write(fd, &taken, sizeof(taken)) != sizeof(taken))
		_exit(1);
	_exit(0);
}

/* Words that don't fit are read all the same: the end matters */
static int listen_to(int fd, char *output, size_t size)
{
	char part[4096];
	lc_auto(lc_free) char *all = NULL;
	size_t length = 0;
	uint32_t taken;
	ssize_t n;

	while ((n = read(fd, part, sizeof(part))) > 0) {
		char *more = realloc(all, length + (size_t)n);

		if (!more)
			return -ENOMEM;
		all = more;
		memcpy(all + length, part, (size_t)n);
		length += (size_t)n;
	}
	if (length < sizeof(taken))
		return -EIO;
	length -= sizeof(taken);
	memcpy(&taken, all + length, sizeof(taken));
	if (output && size) {
		if (length >= size)
			length = size - 1;
		memcpy(output, all, length);
		output[length] = '\0';
	}
	return (int)taken;
}

int nft_command(struct lc_node *const *nodes, size_t count, const char *text,
		char *output, size_t size)
{
	int fds[2], r;
	pid_t pid;

	if (output && size)
		*output = '\0';
	if (!count)
		return 0;
	if (pipe2(fds, O_CLOEXEC))
		return -errno;
	pid = fork();
	if (!pid)
		child_main(nodes, count, text, fds[1]);
	r = pid < 0 ? -errno : 0;
	close(fds[1]);
	if (!r)
		r = listen_to(fds[0], output, size);
	close(fds[0]);
	while (pid > 0 && waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		;
	return r;
}
