"""The command line, as typed."""
import io
import subprocess
import sys
from pathlib import Path

import pytest

import bpviz as bp
from bpviz.__main__ import main
from bpviz.calculus.activations import Activation

ROOT = Path(__file__).resolve().parents[1]


def test_derive_prints_the_chain(capsys):
    assert main(["derive", "2-2-1", "sigmoid", "--weight", "w1[1,1]"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("dL/dw1[1,1] of a 2-2-1 network (sigmoid; squared error)")
    assert lines[-1].strip().startswith("dL/dw1[1,1] = dL/dz1[1]*x[1]")
    assert any("dL/dz2[1] = a2[1]*dL/da2[1]*(1 - a2[1])" in line for line in lines)


def test_derive_in_latex(capsys):
    assert main(["derive", "1-1-1", "tanh", "--no-bias", "--latex", "--weight", "w2[1,1]"]) == 0
    assert capsys.readouterr().out.startswith(r"\begin{aligned}")


def test_prove_as_a_command():
    run = subprocess.run([sys.executable, "-m", "bpviz", "prove", "2-2-2-1", "tanh"], capture_output=True, text=True,
                         cwd=ROOT)
    lines = run.stdout.splitlines()
    assert run.returncode == 0 and sum(line.endswith("residue 0") for line in lines) == 15
    assert lines[-1] == "proved: the backward pass is right for all 15 weights"


def test_prove_finds_a_planted_fault(monkeypatch, capsys):
    right = bp.ACTIVATIONS["tanh"]
    monkeypatch.setitem(bp.ACTIVATIONS, "tanh", Activation("tanh", right.value, lambda xp, z, a: 1 - a, "", ""))
    assert main(["prove", "2-2-2-1", "tanh"]) == 1
    out = capsys.readouterr().out
    assert "NOT proved" in out and out.count("residue 0") == 0 and "tanh(" in out


@pytest.mark.parametrize("words, sentence", [
    (["prove", "2-x-1", "tanh"], "sizes: got '2-x-1'"),
    (["prove", "2-0-1", "tanh"], "sizes: got 0; allowed is a whole number"),
    (["prove", "2-2-1", "tahn"], "did you mean 'tanh'"),
    (["prove", "2-2-1", "tanh", "--loss", "squared eror"], "did you mean 'squared error'"),
    (["derive", "2-2-1", "tanh", "--weight", "w9"], "weight: got 'w9'"),
    (["prove", "2-2-1", "tanh,relu,elu"], "activation: got 3 names; allowed is one, or 2"),
])
def test_nonsense_is_answered_in_one_sentence(words, sentence, capsys):
    assert main(words) == 2
    error = capsys.readouterr().err
    assert error.startswith("bpviz: ") and sentence in error and len(error.splitlines()) == 1


class Terminal(io.StringIO):
    def isatty(self):
        return True


def test_a_terminal_sees_how_far_the_proof_is_and_nothing_of_it_stays(monkeypatch, capsys):
    monkeypatch.setattr("sys.stderr", terminal := Terminal())
    assert main(["prove", "1-1-1", "sigmoid"]) == 0
    lines = terminal.getvalue().split("\r")
    shares = [int(line.split("]")[1].strip(" %")) for line in lines if line.startswith("proving [")]
    assert shares == sorted(shares) and shares[0] == 0 and shares[-1] == 100 and lines[-1] == "" and not lines[-2].strip()
    assert "proving" not in capsys.readouterr().out


def test_a_pipe_sees_the_answer_only(capsys):
    assert main(["prove", "1-1-1", "sigmoid"]) == 0
    assert capsys.readouterr().err == ""
