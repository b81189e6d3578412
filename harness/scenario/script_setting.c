// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * script_setting.c - the settings of a plan as commands
 *
 * labcheck's own are the same for all nodes: they become functions.
 */
#include <string.h>

#include "plan.h"
#include "quote.h"
#include "script_setting.h"

/* Settings that have no place in the file are labcheck's own */
static bool is_baseline(const struct plan_sysctl *s)
{
	return !s->at.line;
}

static bool is_ipv6(const struct plan_sysctl *s)
{
	return !strncmp(s->key, "net/ipv6/", 9);
}

/* With dots, as people write them, unless there is one in a name */
static void setting(FILE *out, const struct plan_sysctl *s)
{
	bool dotted = !strchr(s->key, '.');
	char key[256];
	size_t i;

	snprintf(key, sizeof(key), "%s", s->key);
	for (i = 0; dotted && key[i]; i++)
		if (key[i] == '/')
			key[i] = '.';
	shell_word(out, key);
	putc('=', out);
	shell_word(out, s->value);
}

/* net/ipv4/conf/eth0/...: what only is there when the interface is */
static bool names_interface(const char *key)
{
	static const char *const folders[] = { "/conf/", "/neigh/" };
	const char *name;
	size_t i;

	for (i = 0; i < sizeof(folders) / sizeof(*folders); i++) {
		name = strstr(key, folders[i]);
		if (!name)
			continue;
		name += strlen(folders[i]);
		return strncmp(name, "all/", 4) != 0 &&
		       strncmp(name, "default/", 8) != 0;
	}
	return false;
}

static void settings_command(FILE *out, const struct plan_node *node,
			     bool ipv6, bool optional)
{
	const struct plan_sysctl *s;
	size_t i;

	fprintf(out, "\tip netns exec \"$1\" sysctl -qw%s",
		optional ? "e" : "");
	for (i = 0; i < node->sysctl_count; i++) {
		s = &node->sysctls[i];
		if (!is_baseline(s) || is_ipv6(s) != ipv6 ||
		    s->optional != optional)
			continue;
		fputs(" \\\n\t\t", out);
		setting(out, s);
	}
	putc('\n', out);
}

void script_settings_functions(const struct plan *plan, FILE *out)
{
	const struct plan_node *any = NULL, *ipv6 = NULL;
	const struct plan *state;
	size_t n;

	/* Those that come with steps call them, too */
	for (state = plan; state; state = state->next) {
		for (n = 0; n < state->node_count; n++) {
			if (state->nodes[n].kind != NODE_OWN)
				continue;
			any = &state->nodes[n];
			if (any->ipv6 && !ipv6)
				ipv6 = any;
		}
	}
	if (!any)
		return;
	fputs("\n# Settings that a verdict must not hang on\nsettings() {\n",
	      out);
	settings_command(out, any, false, false);
	fputs("\t# Not every kernel has these\n", out);
	settings_command(out, any, false, true);
	fputs("}\n", out);
	if (!ipv6)
		return;
	fputs("settings_ipv6() {\n", out);
	settings_command(out, ipv6, true, true);
	fputs("}\n", out);
}

void script_settings(const struct plan_node *node, bool interfaces, FILE *out)
{
	const struct plan_sysctl *s;
	size_t i;

	for (i = 0; i < node->sysctl_count; i++) {
		s = &node->sysctls[i];
		if (is_baseline(s) || names_interface(s->key) != interfaces)
			continue;
		fputs("ip netns exec ", out);
		shell_word(out, node->name);
		fputs(s->optional ? " sysctl -qwe " : " sysctl -qw ", out);
		setting(out, s);
		putc('\n', out);
	}
}
