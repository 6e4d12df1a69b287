# The commands of Lantern. Each does its own set-up; a second run is fast.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
PORT ?= 5005
ACTIONS_PORT ?= 5055
RUN = .venv/bin/python -W ignore

.PHONY: help widget serve chat train test validate evaluate conversations report fine-tune-setup fine-tune fine-tune-further soak lint lock setup clean

help:  ## show the commands
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/'

setup:  ## install everything into .venv
	@$(PYTHON) scripts/setup.py

serve: setup  ## Lantern in the browser, on http://127.0.0.1:5005
	@$(RUN) -m lantern.serve --port $(PORT) --actions-port $(ACTIONS_PORT)

chat: setup  ## Lantern in the terminal
	@$(RUN) -m lantern.chat

train: setup  ## train the model if its inputs changed
	@$(RUN) -c 'from lantern.serving import train; print(train())'

test: ## run all tests (sets up the browser too)
	@$(PYTHON) scripts/setup.py --test
	@$(RUN) -m ruff check --quiet .
	@$(RUN) -m pytest

validate: setup  ## Rasa's own check of the training data, strict
	@$(RUN) -m rasa data validate --fail-on-warnings --max-history 3

evaluate: train  ## accuracy on sentences that were not trained on
	@$(RUN) bench/evaluate.py --report docs/evaluation.md

conversations: setup  ## write docs/conversations.md from the running Lantern
	@$(RUN) -m scripts.conversations

widget:  ## build the chat element anew, after a change in widget/src or of its words
	@$(PYTHON) scripts/setup.py --test
	@$(RUN) -c 'from scripts.setup import build_widget; build_widget()'

report: setup  ## a school's monthly counts, small ones hidden (LANTERN_COUNTS=folder)
	@$(RUN) -m lantern.service.counts

fine-tune-setup:
	@test -x .tools/fine-tune/bin/python || $(PYTHON) -m venv .tools/fine-tune
	@.tools/fine-tune/bin/python -m pip install --quiet --no-deps --require-hashes -r requirements-fine-tune.lock

fine-tune: fine-tune-setup  ## make the second reader anew from the training sentences (most of an hour, then train and test)
	@.tools/fine-tune/bin/python -m scripts.fine_tune

fine-tune-further: fine-tune-setup  ## let the second reader learn new sentences (20 minutes, then train and test)
	@.tools/fine-tune/bin/python -m scripts.fine_tune.further

soak: train  ## 100,000 conversations and 20,000 odd requests through one worker (an hour or more)
	@$(RUN) -m bench.fuzz --requests 20000
	@$(RUN) -m bench.soak --conversations 100000

lint:  ## style of the Python code
	@$(PYTHON) scripts/setup.py --test
	@$(RUN) -m ruff check .

lock:  ## rebuild the lock files from pyproject.toml
	@scripts/lock.sh

clean:  ## remove the environment, models and caches
	@rm -rf .venv .tools .rasa .cache models results
