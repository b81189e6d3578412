# SPDX-License-Identifier: GPL-2.0-or-later
#
#   make [VARIANT=release|debug|san] [CC=clang] [WERROR=1] [V=1]
#   make tests | check | clean
#   make install [PREFIX=/usr] [DESTDIR=...]

VARIANT	?= release
CC	?= cc
PREFIX	?= /usr/local
DESTDIR	?=
BUILD	= build/$(notdir $(CC))-$(VARIANT)

PACKAGES	= libcyaml yaml-0.1 libmnl
# Opened when needed, not linked
HEADERS		= jansson libxml-2.0
PKG_CONFIG	?= pkg-config
CPPFLAGS	+= -D_GNU_SOURCE -Iinclude $(shell $(PKG_CONFIG) --cflags $(PACKAGES) $(HEADERS))
CFLAGS		?= -g
CFLAGS		+= -std=gnu11 -Wall -Wextra -Wshadow -Wstrict-prototypes \
		   -Wmissing-prototypes -Wwrite-strings -Wpointer-arith \
		   -Wformat=2 -Wno-missing-field-initializers -fno-common
LDLIBS		+= $(shell $(PKG_CONFIG) --libs $(PACKAGES)) -ldl
# A sandbox is a fork, which would look each function up once more
LDFLAGS		+= -Wl,-z,relro,-z,now

CFLAGS_release	= -O2 -D_FORTIFY_SOURCE=2 -fstack-protector-strong
CFLAGS_debug	= -Og
CFLAGS_san	= -Og -fsanitize=address,undefined -fno-sanitize-recover=all \
		  -fno-omit-frame-pointer
LDFLAGS_san	= -fsanitize=address,undefined
CFLAGS		+= $(CFLAGS_$(VARIANT))
LDFLAGS		+= $(LDFLAGS_$(VARIANT))
ifneq ($(WERROR),)
CFLAGS		+= -Werror
endif

# Checks may see include/ alone; the build enforces it
HARNESS	= $(wildcard harness/*.c harness/*/*.c harness/*/*/*.c)
CHECKS	= $(wildcard checks/*.c)
OBJECTS	= $(patsubst %.c,$(BUILD)/%.o,$(HARNESS) $(CHECKS))
LIBRARY	= $(filter-out $(BUILD)/harness/main.o,$(OBJECTS))
PROGRAM	= $(BUILD)/labcheck
TESTS	= $(patsubst ci/tests/%.c,$(BUILD)/tests/%,$(wildcard ci/tests/*_test.c))

# V=1 shows the commands, make -s nothing
Q = $(if $(V),,@)
SILENT = $(findstring s,$(firstword -$(MAKEFLAGS)))
say = $(if $(V)$(SILENT),,@printf '  %-7s %s\n' '$(1)' '$(2)')

all: labcheck

# The program at the top of the tree is the one that was asked for last
labcheck: $(PROGRAM)
	$(Q)ln -sf $(PROGRAM) $@

$(BUILD)/harness/%.o: harness/%.c Makefile
	$(call say,CC,$<)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(CPPFLAGS) -Iharness $(CFLAGS) -MMD -MP -c -o $@ $<

$(BUILD)/checks/%.o: checks/%.c Makefile
	$(call say,CC,$<)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) -MMD -MP -c -o $@ $<

$(PROGRAM): $(OBJECTS)
	$(call say,LINK,$@)
	$(Q)$(CC) $(LDFLAGS) -o $@ $^ $(LDLIBS)

tests: $(TESTS)
$(BUILD)/tests/%: ci/tests/%.c $(LIBRARY) Makefile
	$(call say,TEST,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(CPPFLAGS) -Iharness $(CFLAGS) -MMD -MP $(LDFLAGS) -o $@ $< $(LIBRARY) \
		$(LDLIBS) -lcmocka

check: $(TESTS)
	$(Q)for test in $(TESTS); do $$test || exit 1; done

install: $(PROGRAM)
	install -D -m 755 $(PROGRAM) $(DESTDIR)$(PREFIX)/bin/labcheck
	install -d $(DESTDIR)$(PREFIX)/share/labcheck/scenarios
	cp -R scenarios/. $(DESTDIR)$(PREFIX)/share/labcheck/scenarios

clean:
	rm -rf build labcheck

.PHONY: all labcheck tests check install clean
-include $(OBJECTS:.o=.d) $(addsuffix .d,$(TESTS))
