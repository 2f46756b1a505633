"""The twenty questions of the inventory; each wrong answer is what somebody would say who holds one misconception.

They are asked in other words than the predictions of the lessons, and none needs a calculation. What is right comes
from an experiment (trials.py), as everywhere. Nothing is said of it before the second time.
"""
import random

from bpviz.coursework.inventory import trials
from bpviz.coursework.kinds.quantities import Choice
from bpviz.coursework.prediction import Prediction


def item(number, question, right, holds, *wrong, why):
    """One question.  right: the answer that is so.  holds: () -> whether the experiment says so.

    wrong: (text, misconception), or a text that shows none.  why: a sentence or two, told after the second time.
    """
    options = [right, *wrong]
    random.Random(number).shuffle(options)
    other = next(text if isinstance(text, str) else text[0] for text in wrong)
    return Prediction(f"I{number:02d}", question, Choice(tuple(options)),
                      truth=lambda: right if holds() else other, says=lambda truth: why)


ITEMS = (
    item(1, "What does backpropagation give you?",
         "The slope of the loss by each weight.", trials.gives_slopes,
         ("Weights that are better than the old ones.", "M01"), ("The best weights for this data.", "M01"),
         "The learning rate that fits.",
         why="It gives slopes, no more. What is done with them, a step of gradient descent or of Adam, is another "
             "matter."),
    item(2, "The loss is w². The weight is 1, so the loss is 1 and its slope is 2. You make one step downhill with "
            "rate 1.2. What is the loss then?",
         "Larger than 1.", lambda: trials.on_a_parabola(1.2)[1] ** 2 > 1,
         ("A little smaller than 1: a step downhill lowers the loss.", "M02"),
         ("Much smaller than 1: the rate is large.", "M13"), "Exactly 1.",
         why="The step leads across the bottom, and further up on the other side."),
    item(3, "The loss is a long narrow valley: flat along the x axis, steep along the y axis, with its minimum at "
            "(0, 0). You stand at x = 5, y = 1. Which way does minus the gradient point?",
         "Mostly down the steep wall, across the valley.", lambda: abs(trials.first_step()[0][1]) > 0.9,
         ("Straight to the minimum.", "M03"), "Mostly along the flat floor of the valley.", "Away from the minimum.",
         why="The gradient sees the steepest way down from here. Only in a round bowl does that lead straight to the "
             "minimum."),
    item(4, "The loss is the mean of (output − target)². How many minima can it have, seen over the weights of a "
            "network with sigmoid units?",
         "Several, and some of them higher than others.", lambda: len(set(trials.ends().round(3))) >= 3,
         ("One: a sum of squares is a parabola.", "M04"), ("One, if there are enough hidden units.", "M08"),
         "As many as it has weights.",
         why="The square is a parabola over the output. Over the weights it is whatever the units in between make of "
             "it."),
    item(5, "For 1,000 steps the loss has hardly changed, and the gradient is tiny. What do you know?",
         "Not much: it may fall again later.", lambda: trials.plateau()[1200] - trials.plateau()[-1] > 0.2,
         ("Training is done.", "M05"), ("It is stuck in a local minimum.", "M06"), "The gradient is wrong.",
         why="A saddle or a plateau looks the same for a long time. XOR from small weights begins so, and is learned "
             "later."),
    item(6, "During training the loss jumps up and down, and does not get better on the whole. What is the likeliest "
            "cause?",
         "The learning rate is too large.",
         lambda: abs(trials.on_a_parabola(1.0, 5)[5]) == 1 and abs(trials.on_a_parabola(0.5, 5)[5]) < 1,
         ("Bad luck: it fell into a local minimum.", "M06"), ("The network has too few weights to get out.", "M08"),
         "The data set is too small.",
         why="In a minimum nothing jumps. On a parabola this happens when the rate comes near 2 over its curvature."),
    item(7, "A network with one hidden layer is trained by gradient descent. There is all the time in the world, and "
            "the rate goes slowly to 0. Where does it end?",
         "Where the start led it; that need not be the best minimum.",
         lambda: 0.05 < trials.reached(trials.ends()) < 0.95,
         ("In the best minimum, for certain.", "M07"), ("In the best minimum, if it has enough weights.", "M08"),
         "Nowhere: it never comes to rest.",
         why="A small rate only follows the slope more closely, down into whichever valley the start belongs to."),
    item(8, "In one training step, when are the weights of the output layer changed?",
         "When all slopes are known, those of the first layer too.", trials.order_matters,
         ("First; then the slopes of the first layer are found, with the new weights.", "M09"),
         ("It does not matter when.", "M09"), "Before the forward phase.",
         why="All slopes belong to the same, old weights. Mixed with new ones they are neither the old nor the new."),
    item(9, "With her own backward pass, somebody trains a network until it is right for 92 of 100 pictures. A check "
            "prints one number, 'relative error 0.4'. What is known?",
         "That something is wrong, but not where.", lambda: trials.trains_with_a_wrong_gradient()[1] < 1e-3,
         ("The gradient is right: it trains.", "M10"), ("The fault is in the first layer.", "M11"),
         ("The fault is in the last layer.", "M11"),
         why="Wrong gradients often train. And one number for all weights does not say which of them are wrong."),
    item(10, "All weights and biases begin at 0, and there are three hidden units, all sigmoids. What are they "
             "like after many steps?",
         "All three alike: they always got the same slopes.",
         lambda: bool(trials.from_zeros().all()) and len(set(trials.from_zeros())) == 1,
         ("Still at 0: the loss is the same for all of them.", "M12"),
         ("Different: training gives each a job of its own.", "M12"), "Two alike, and one different.",
         why="They do move. But equal units get equal slopes, and so they stay equal."),
    item(11, "With rate 0.1 training takes 100 steps. What happens with rate 10?",
         "It may never settle.", lambda: abs(trials.on_a_parabola(10.0, 3)[-1]) > 1,
         ("It takes about one step.", "M13"), ("It jumps over all bad minima into the best one.", "M13"),
         "Exactly the same, only later.",
         why="Up to a limit a larger rate is faster. Beyond it each step leads further away."),
    item(12, "From a certain start, gradient descent falls into a bad minimum. You use Adam instead, from the same "
             "start. What can you say?",
         "It may end in a bad minimum, too.", lambda: 0.05 < 1 - trials.reached(trials.ends(adam=True)) < 0.95,
         ("It gets out: Adam does not stop in local minima.", "M14"),
         ("It gets out, if momentum is added.", "M14"), "It ends at the very same weights.",
         why="It takes another way, so it may end elsewhere. A minimum holds it like any other optimizer."),
    item(13, "Ten units in a row, each answers exactly what it hears, so each slope is 1. Each weight is 0.5. How "
             "much of the slope at the output arrives at the input?",
         "About one thousandth.", lambda: 0.0005 < trials.through() < 0.002,
         ("All of it: only sigmoids let it fade.", "M15"), "One half.", "Nothing at all.",
         why="A slope is multiplied by the weights, too. One half, ten times over, is about a thousandth."),
    item(14, "A ReLU unit hears a negative number in each row of the data. What are the slopes of the weights that "
             "lead to it?",
         "All 0: it learns nothing.", lambda: trials.slope("relu", -1.0) == 0,
         ("All 1: with ReLU nothing fades.", "M16"), ("Small, but not 0.", "M16"), "Negative.",
         why="Left of 0 a ReLU answers 0 whatever it hears. A unit that hears negative numbers only is dead."),
    item(15, "To be safe from outliers, errors above 1 are cut down to 1 before they are squared. One row has an "
             "error of 5. What does it give to the gradient?",
         "Nothing.", lambda: trials.clipped(5.0) == 0,
         ("As much as an error of 1.", "M17"), ("Its gradient, cut down to length 1.", "M17"),
         "Five times as much as an error of 1.",
         why="What is cut off is constant, and the slope of a constant is 0. Clipping the gradient is something else."),
    item(16, "Somebody takes the number of wrong answers as the loss. What is its slope by a weight, nearly "
             "everywhere?",
         "0.", lambda: not trials.counted().any(),
         ("Large where many answers are wrong.", "M18"), ("1 for each wrong answer.", "M18"), "Negative.",
         why="A tiny nudge of a weight turns no answer round. The count is a staircase, level between its steps."),
    item(17, "Two pictures show the loss along a line through the minimum of two networks. One looks like a wide "
             "bowl, the other like a narrow one. What follows?",
         "Little: along another line it may be the other way round.",
         lambda: trials.two_slices()[0] != trials.two_slices()[1],
         ("The first network has the flatter minimum.", "M19"), ("Neither has another minimum.", "M19"),
         "The second network has the larger loss.",
         why="Each picture is one line of many, at a scale of its own. The same minimum is wide along one and narrow "
             "along another."),
    item(18, "An accident makes the bias of a sigmoid unit −20. Training goes on. What becomes of the unit?",
         "It stays far off for ages: its slope is almost 0.", lambda: trials.pushed_off() < -19,
         ("It comes back soon: its error is large.", "M20"), ("It comes back by itself, a little each step.", "M20"),
         "It answers 1 from now on.",
         why="Slopes are multiplied by the unit's own, and far out that is almost 0. Only a penalty "
             "that counts biases, too, pulls it back."),
    item(19, "A sigmoid output answers 0.001, and its target is 1. With which loss is the slope by what it hears "
             "larger?",
         "With cross-entropy, about 500 times.",
         lambda: 400 < trials.two_losses(-6.9068)[1] / trials.two_losses(-6.9068)[0] < 600,
         ("With squared error: the error is almost 1.", "M21"), ("It is the same: both know the error.", "M21"),
         "Both slopes are 0.",
         why="In squared error the slope of the sigmoid stays as a factor, and it is tiny there. In cross-entropy it "
             "cancels."),
    item(20, "A network was trained on 100 pictures of cats. Then all pictures are deleted. Somebody shows it a new "
             "one. What does it do?",
         "It answers from its weights, and they stay as they are.", trials.answers_without_data,
         ("It cannot answer: its pictures are gone.", "M22"), ("It answers, and learns from the new picture.", "M22"),
         ("It answers, and it is right: it has learned cats.", "M22"),
         why="What was learned is in the weights, nothing else. Answering changes none of them, and an answer may be "
             "wrong."),
)
