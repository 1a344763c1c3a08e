# SPDX-License-Identifier: Apache-2.0
# One non-recursive Makefile; `make help` says what it does. What must be installed for it is the business of
# scripts/setup, which `make demo` and `make check` call before anything is compiled.

VARIANT ?= release
PREFIX ?= /usr/local
DESTDIR ?=
WERROR ?= 0
NDPI ?= 1
V ?= 0

MAKEFLAGS += -rR --no-print-directory
ifeq ($(MAKELEVEL),0)
MAKEFLAGS += -j$(shell nproc 2>/dev/null || echo 2)
endif
.DELETE_ON_ERROR:
.DEFAULT_GOAL := all
SHELL := /bin/sh
export LC_ALL := C

ifneq ($(filter-out 0 1,$(NDPI)),)
$(error NDPI is 0 or 1, not "$(NDPI)")
endif

# Compiler and flags ---------------------------------------------------------------------------------------------

ifneq ($(filter default undefined,$(origin CC)),)
CC := gcc
endif
AR := $(if $(filter default undefined,$(origin AR)),ar,$(AR))
INSTALL ?= install

WARNINGS := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes -Wundef -Wvla \
            -Wformat=2 -Wcast-align -Wwrite-strings
ifeq ($(WERROR),1)
WARNINGS += -Werror
endif

flags_release := -O2 -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2 -fstack-protector-strong -fPIE
link_release := -pie -Wl,-z,relro,-z,now
# gcc's shift check makes -Wconversion see conversions that are none; release and lint have looked already.
flags_asan := -O1 -Wno-conversion -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
link_asan := -fsanitize=address,undefined
flags_coverage := -O0 --coverage -DWSPSCOPE_COVERAGE
link_coverage := --coverage
flags_fuzz := -O1 -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
link_fuzz := -fsanitize=address,undefined
ifeq ($(flags_$(VARIANT)),)
$(error VARIANT is release, asan or coverage, not "$(VARIANT)")
endif

PKGS := libpcap libarchive jansson libcrypto yaml-0.1 libseccomp libmicrohttpd ncursesw
HAVE_PKGS := $(shell pkg-config --exists $(PKGS) 2>/dev/null && echo yes)
ifeq ($(HAVE_PKGS),yes)
PKG_CFLAGS := $(shell pkg-config --cflags $(PKGS))
PKG_LIBS := $(shell pkg-config --libs $(PKGS))
else
PKG_LIBS := -lpcap -larchive -ljansson -lcrypto -lyaml -lseccomp -lmicrohttpd -lncursesw -ltinfo
endif

ifeq ($(NDPI),1)
PKG_LIBS += -lndpi
endif

CPPFLAGS_ALL := -D_GNU_SOURCE -DCLASSIFY_HAS_NDPI=$(NDPI) -Isrc -Iinclude $(PKG_CFLAGS) $(CPPFLAGS)
CFLAGS_ALL := -std=c17 -g $(WARNINGS) $(flags_$(VARIANT)) $(CFLAGS)
LDFLAGS_ALL := $(link_$(VARIANT)) $(LDFLAGS)
LIBS := $(PKG_LIBS) -lnet -lpthread -lm $(LDLIBS)

# Files ----------------------------------------------------------------------------------------------------------

OUT := build/$(VARIANT)
PROGRAM := $(OUT)/wspscope
LIBRARY := $(OUT)/libwspscope.a
PARTS := $(OUT)/libparts.a
DEMO_CAPTURE := captures/udp4195-dropped.pcapng

# Folders that belong to the program and not to the library.
PROGRAM_DIRS := cli expect sandbox craft

sources := $(sort $(shell find src -name '*.c' -o -name '*.S'))
ifeq ($(NDPI),0)
sources := $(filter-out src/classify/ndpi.c,$(sources))
endif
program_sources := $(filter $(PROGRAM_DIRS:%=src/%/%),$(sources))
library_sources := $(filter-out $(program_sources),$(sources))
objects_of = $(addsuffix .o,$(addprefix $(OUT)/,$(basename $(1))))

unit_sources := $(sort $(wildcard tests/unit/*/*_test.c))
unit_tests := $(patsubst %.c,$(OUT)/%,$(unit_sources))
unit_support := $(call objects_of,$(sort $(wildcard tests/support/*.c)))
scenario_sources := $(sort $(wildcard tests/scenario/*.c))
scenario_test := $(if $(scenario_sources),$(OUT)/tests/scenario/run)
bench_sources := $(sort $(wildcard tests/bench/load/*.c))
bench_shared := tests/scenario/payload.c tests/scenario/quic.c
bench_programs := $(OUT)/tests/bench/load/run $(OUT)/tests/bench/empty
sweep_sources := $(sort $(wildcard tests/sweep/*.c))
sweep_test := $(OUT)/tests/sweep/run
fuzz_sources := tests/fuzz/whole.c tests/fuzz/replay.c
fuzz_shared := tests/sweep/exam.c tests/sweep/clean.c
fuzz_test := $(OUT)/tests/fuzz/replay
fuzz_target := build/fuzz/tests/fuzz/whole

# Quiet by default; V=1 shows the commands.
ifeq ($(V),0)
Q := @
say = @printf '  %-5s%s\n' '$(1)' '$(2)'
else
say = @:
endif

# A change of flags, of the compiler or of the set of files rebuilds what depends on it: each of these is kept in a
# file that is rewritten only when its text changes.
define track
ifneq ($$(file <$(1)),$$(strip $(2)))
$$(shell mkdir -p $(dir $(1)))$$(file >$(1),$$(strip $(2)))
endif
endef
ifneq ($(filter-out clean help demo check,$(or $(MAKECMDGOALS),all)),)
$(eval $(call track,$(OUT)/flags/compile,$$(CC) $$(CPPFLAGS_ALL) $$(CFLAGS_ALL)))
$(eval $(call track,$(OUT)/flags/link,$$(CC) $$(LDFLAGS_ALL) $$(LIBS)))
$(eval $(call track,$(OUT)/flags/library,$$(library_sources)))
$(eval $(call track,$(OUT)/flags/program,$$(program_sources)))
$(eval $(call track,$(OUT)/flags/scenario,$$(scenario_sources)))
ifeq ($(shell command -v $(firstword $(CC))),)
$(error The compiler "$(CC)" is not installed: run scripts/setup, which installs what a build needs)
endif
endif

# Building -------------------------------------------------------------------------------------------------------

.PHONY: all demo check lint bench install uninstall clean help coverage tests
all: $(PROGRAM) $(LIBRARY)

$(OUT)/%.o: %.c $(OUT)/flags/compile
	$(call say,CC,$<)
	@mkdir -p $(@D)
	$(Q)$(CC) $(CPPFLAGS_ALL) $(CFLAGS_ALL) -MMD -MP -c -o $@ $<

# The tables are pulled in by .incbin, which no dependency file knows of.
$(OUT)/%.o: %.S $(OUT)/flags/compile $(wildcard src/*/tables/*)
	$(call say,AS,$<)
	@mkdir -p $(@D)
	$(Q)$(CC) $(CPPFLAGS_ALL) $(filter-out -std=% --coverage,$(CFLAGS_ALL)) -MMD -MP -c -o $@ $<

# `ar` takes members of the same base name for one file: start afresh, and append. What is made appears whole: somebody
# may be running it.
define archive
	$(call say,AR,$@)
	@rm -f $@.new
	$(Q)$(AR) qcs $@.new $(filter %.o,$^) && mv -f $@.new $@
endef
$(LIBRARY): $(call objects_of,$(library_sources)) $(OUT)/flags/library
	$(archive)
$(PARTS): $(call objects_of,$(filter-out src/cli/main.c,$(program_sources))) $(OUT)/flags/program
	$(archive)

define link
	$(call say,LD,$@)
	@mkdir -p $(@D)
	$(Q)$(CC) $(LDFLAGS_ALL) -o $@.new $(filter %.o,$^) $(filter %.a,$^) $(1) $(LIBS) && mv -f $@.new $@
endef
$(PROGRAM): $(call objects_of,$(program_sources)) $(LIBRARY) $(OUT)/flags/program $(OUT)/flags/link
	$(call link)

tests: $(unit_tests) $(scenario_test) $(sweep_test) $(fuzz_test) $(bench_programs)
$(unit_tests): $(OUT)/%: $(OUT)/%.o $(unit_support) $(PARTS) $(LIBRARY) $(OUT)/flags/link
	$(call link,-lcmocka)
$(scenario_test): $(call objects_of,$(scenario_sources)) $(PARTS) $(LIBRARY) $(OUT)/flags/link $(OUT)/flags/scenario
	$(call link,-lcmocka)
$(sweep_test): $(call objects_of,$(sweep_sources)) $(PARTS) $(LIBRARY) $(OUT)/flags/link
	$(call link)
$(fuzz_test): $(call objects_of,$(fuzz_sources) $(fuzz_shared)) $(LIBRARY) $(OUT)/flags/link
	$(call link)
$(OUT)/tests/bench/load/run: $(call objects_of,$(bench_sources) $(bench_shared)) $(LIBRARY) $(OUT)/flags/link
	$(call link)
$(OUT)/tests/bench/empty: $(call objects_of,tests/bench/empty.c) $(OUT)/flags/link
	$(call link)
build/fuzz/tests/fuzz/whole: $(call objects_of,tests/fuzz/whole.c $(fuzz_shared)) $(LIBRARY) $(OUT)/flags/link
	$(call link,-fsanitize=fuzzer)

.SECONDARY:
-include $(shell find $(OUT) -name '*.d' 2>/dev/null)

# Using, testing -------------------------------------------------------------------------------------------------

demo:
	@scripts/setup
	@$(MAKE) all
	@printf '\n$$ %s %s\n\n' $(PROGRAM) $(DEMO_CAPTURE)
	@$(PROGRAM) $(DEMO_CAPTURE)

check:
	@scripts/setup
	@$(MAKE) all tests
	+@tests/run $(OUT)

# Both compilers read every source with -Werror, each source again only when it or a header of it changed.
LINT_CC := gcc $(shell command -v clang)
lint_stamps := $(foreach cc,$(notdir $(LINT_CC)),$(patsubst %.c,build/lint/$(cc)/%.ok,\
                 $(filter %.c,$(sources)) $(unit_sources) $(scenario_sources) \
                 $(sweep_sources) $(fuzz_sources) $(bench_sources) tests/bench/empty.c))
define lint_rule
build/lint/$(1)/%.ok: %.c Makefile
	@mkdir -p $$(@D)
	@$(1) -fsyntax-only -std=c17 $$(CPPFLAGS_ALL) -O2 $$(filter-out -Werror,$$(WARNINGS)) -Werror \
	     -MMD -MP -MF $$@.d -MT $$@ $$<
	@touch $$@
endef
$(foreach cc,$(notdir $(LINT_CC)),$(eval $(call lint_rule,$(cc))))
-include $(shell find build/lint -name '*.d' 2>/dev/null)

.PHONY: lint-compile
lint-compile: $(lint_stamps)
lint:
	+@scripts/lint/run

# Every capture cut, flipped and shortened, and every flood, under the sanitizers: ONE_IN=N takes a share.
.PHONY: sweep fuzz
ONE_IN ?= 1
sweep:
	@$(MAKE) VARIANT=asan build/asan/tests/sweep/run
	@build/asan/tests/sweep/run --one-in $(ONE_IN)

# libFuzzer is clang's. What it finds lies in build/fuzz/found; what is worth keeping goes to tests/fuzz/corpus.
SECONDS ?= 60
fuzz:
	@$(MAKE) VARIANT=fuzz CC=clang $(fuzz_target)
	@mkdir -p build/fuzz/corpus build/fuzz/found
	@$(fuzz_target) -max_total_time=$(SECONDS) -max_len=16384 -timeout=20 -rss_limit_mb=2048 \
	     -artifact_prefix=build/fuzz/found/ build/fuzz/corpus tests/fuzz/corpus

# BENCH='--scale 0.1 --rounds 3 --peers none' is a short run; tests/bench/README.md lists the options.
bench: all $(bench_programs)
	@scripts/setup --bench
	@tests/bench/run --build $(OUT) $(BENCH)

coverage:
	@scripts/setup
	@$(MAKE) VARIANT=coverage all tests
	@find build/coverage -name '*.gcda' -delete
	+@tests/run build/coverage
	@scripts/coverage build/coverage

bindir := $(DESTDIR)$(PREFIX)/bin
libdir := $(DESTDIR)$(PREFIX)/lib
includedir := $(DESTDIR)$(PREFIX)/include/wspscope
mandir := $(DESTDIR)$(PREFIX)/share/man/man1
completiondir := $(DESTDIR)$(PREFIX)/share/bash-completion/completions
unitdir := $(DESTDIR)$(PREFIX)/lib/systemd/system
public_headers := $(sort $(wildcard include/wspscope/*.h))
pages := $(sort $(wildcard src/cli/install/*.1))

install: all
	$(call say,INST,$(bindir)/wspscope)
	$(Q)$(INSTALL) -d $(bindir) $(libdir) $(includedir) $(mandir) $(completiondir) $(unitdir)
	$(Q)$(INSTALL) -m 755 $(PROGRAM) $(bindir)/wspscope
	$(Q)$(INSTALL) -m 644 $(LIBRARY) $(libdir)/libwspscope.a
	$(Q)$(INSTALL) -m 644 $(public_headers) $(includedir)
	$(Q)$(INSTALL) -m 644 $(pages) $(mandir)
	$(Q)$(INSTALL) -m 644 src/cli/install/wspscope.bash $(completiondir)/wspscope
	$(Q)sed 's|@bindir@|$(PREFIX)/bin|' 'src/cli/install/wspscope@.service' >'$(unitdir)/wspscope@.service'
	$(Q)chmod 644 '$(unitdir)/wspscope@.service'

uninstall:
	rm -f $(bindir)/wspscope $(libdir)/libwspscope.a $(addprefix $(includedir)/,$(notdir $(public_headers)))
	rm -f $(addprefix $(mandir)/,$(notdir $(pages))) $(completiondir)/wspscope '$(unitdir)/wspscope@.service'
	-rmdir $(includedir) 2>/dev/null

clean:
	rm -rf build

help:
	@printf '%s\n' \
	  'make             build the program (build/release/wspscope) and the library (libwspscope.a)' \
	  'make demo        install what is missing, build, explain a recorded session whose UDP is blocked' \
	  'make check       install what is missing, build, run every test; the last line is "N passed, N failed"' \
	  'make lint        layers, prefixes, registries, banned words, function length; gcc and clang with -Werror' \
	  'make sweep       captures cut, flipped and shortened, and floods, under sanitizers; ONE_IN=N takes a share' \
	  'make fuzz        SECONDS=N of libFuzzer (clang) over the program; findings lie in build/fuzz/found' \
	  'make bench       speed and memory beside cat and other programs; BENCH="--scale 0.1 --rounds 3" is a short run' \
	  'make coverage    run the tests with coverage and say which lines of which folder they reach' \
	  'make install     program, library, man pages, completion, systemd unit; PREFIX=$(PREFIX), DESTDIR honoured;' \
	  '                 make uninstall takes it away again' \
	  'make clean       remove build/' \
	  '' \
	  'VARIANT=release|asan|coverage   what to build, each in build/VARIANT/ (now: $(VARIANT))' \
	  'CC=gcc|clang  CFLAGS=...  WERROR=1 (warnings are errors)  NDPI=0 (without nDPI)  V=1 (show commands)'
