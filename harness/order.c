// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * order.c - which part of a suite runs, and in which order
 *
 * The machines of a cluster don't talk to each other about who does what: each
 * is given the whole list and finds its own part.  So a part must not depend
 * on anything but the list: not on the locale, by which shells sort what `*`
 * stands for, nor on the order in which a file system has its files.  Hence
 * the list is sorted by bytes, and dealt out like cards: no two parts differ by
 * more than one, and neighbours, which are often of a kind, are spread.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <labcheck/auto.h>

#include "order.h"
#include "suite.h"

struct card {
	struct suite_file *file;
	size_t place;		/* in the list as it was given */
};

static int by_path(const void *one, const void *other)
{
	const struct card *a = one, *b = other;
	int order = strcmp(a->file->path, b->file->path);

	return order ?: (a->place > b->place) - (a->place < b->place);
}

static int by_place(const void *one, const void *other)
{
	const struct card *a = one, *b = other;

	return (a->place > b->place) - (a->place < b->place);
}

static struct card *sorted_cards(struct suite_file **files, size_t count)
{
	struct card *cards = calloc(count ?: 1, sizeof(*cards));

	for (size_t i = 0; cards && i < count; i++)
		cards[i] = (struct card){ .file = files[i], .place = i };
	if (cards)
		qsort(cards, count, sizeof(*cards), by_path);
	return cards;
}

int order_shard(struct suite_file **files, size_t count, unsigned long part,
		unsigned long parts, size_t *ret_count)
{
	lc_auto(lc_free) struct card *cards = sorted_cards(files, count);
	size_t kept = 0;

	if (!cards)
		return -ENOMEM;
	for (size_t i = part - 1; i < count; i += parts)
		cards[kept++] = cards[i];
	qsort(cards, kept, sizeof(*cards), by_place);
	for (size_t i = 0; i < kept; i++)
		files[i] = cards[i].file;
	*ret_count = kept;
	return 0;
}

int order_sort(struct suite_file **files, size_t count)
{
	lc_auto(lc_free) struct card *cards = sorted_cards(files, count);

	for (size_t i = 0; cards && i < count; i++)
		files[i] = cards[i].file;
	return cards ? 0 : -ENOMEM;
}

/* splitmix64: the same everywhere, as that of a C library is not */
static uint64_t draw(uint64_t *state)
{
	uint64_t z = *state += 0x9e3779b97f4a7c15ULL;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ULL;
	z = (z ^ z >> 27) * 0x94d049bb133111ebULL;
	return z ^ z >> 31;
}

void order_shuffle(struct suite_file **files, size_t count, uint64_t *state)
{
	for (size_t i = count; i > 1; i--) {
		size_t other = draw(state) % i;
		struct suite_file *file = files[i - 1];

		files[i - 1] = files[other];
		files[other] = file;
	}
}
