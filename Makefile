# payaudit. A fresh machine needs git, make and Python 3.11+; the rest is fetched.

SHELL := bash
.DEFAULT_GOAL := help
SITES ?= # of bench-quality and bench-walk; all when left out
SOME := demo byeolbit dramakilat-pjax jquery-age shadow-closed swipe-feed # steps and waits of the walk, in bench
.PHONY: help demo test lint bench bench-evidence bench-quality bench-sweep bench-walk rules-mutation rules-pages report-page lock clean

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## /  make \1\t/p' Makefile | expand -t 24

demo: ## set up, audit the bundled micro-drama, print the findings
	@scripts/setup.sh
	@scripts/browser.sh
	@.venv/bin/payaudit demo

test: lint ## set up, then style, types, layers and tests
	@scripts/browser.sh both
	@scripts/kits.sh
	@scripts/act.sh "what a mini-program runs on" .venv/bin/payaudit setup --quiet
	@scripts/act.sh "tests" .venv/bin/pytest -n 3 --dist loadfile --no-loadscope-reorder --durations=25

lint: ## style, types, layers
	@scripts/setup.sh
	@scripts/act.sh "style" .venv/bin/ruff check
	@scripts/act.sh "format" .venv/bin/ruff format --check
	@scripts/act.sh "types" .venv/bin/mypy
	@scripts/act.sh "layers" .venv/bin/lint-imports

bench: ## how fast
	@scripts/setup.sh
	@scripts/browser.sh both
	@scripts/kits.sh
	@.venv/bin/python bench/speed.py
	@.venv/bin/python bench/walk.py --quick --jobs 1 $(SOME)
	@.venv/bin/payaudit setup --quiet
	@.venv/bin/python bench/miniprograms.py
	@.venv/bin/python bench/miniprograms.py --vant

bench-walk: ## how far: the agenda of every fixture site, two at a time
	@scripts/setup.sh
	@scripts/browser.sh
	@scripts/kits.sh
	@.venv/bin/python bench/walk.py $(SITES)

bench-quality: ## how right: every fixture site against its truth
	@scripts/setup.sh
	@scripts/browser.sh
	@scripts/kits.sh
	@scripts/act.sh "what money is compared with" .venv/bin/python -m pip install --quiet \
		--disable-pip-version-check --no-input --no-deps --require-hashes -r bench/compared.lock
	@.venv/bin/python bench/legibility.py --wrong
	@.venv/bin/python bench/pictures.py
	@.venv/bin/python bench/quality.py $(SITES)

bench-evidence: ## how safe: evidence tampered with in every way, walks killed at random moments, a film of 100 MB
	@scripts/setup.sh
	@scripts/browser.sh
	@.venv/bin/python bench/tamper.py
	@.venv/bin/python bench/kill.py
	@.venv/bin/python bench/film.py

bench-sweep: ## how a sweep keeps up: memory, engines, real audits beside bare Playwright
	@scripts/setup.sh
	@scripts/browser.sh
	@scripts/kits.sh
	@.venv/bin/python bench/sweep.py

rules-mutation: ## how tight: every rule changed in one place, and whether its examples notice
	@scripts/setup.sh
	@.venv/bin/python bench/rule_mutation.py

rules-pages: ## write docs/rules/ anew
	@scripts/setup.sh
	@.venv/bin/python scripts/rule_pages.py

report-page: ## write docs/report.md and docs/schema/ anew
	@scripts/setup.sh
	@.venv/bin/python scripts/report_page.py

lock: ## renew the pinned versions
	@scripts/lock.sh

clean: ## remove what the other targets made
	rm -rf .venv build dist fixtures/kits/node_modules payaudit-demo
	rm -rf .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -prune -exec rm -rf {} +
