"""What lesson 5 asks beforehand: what a step does, where it points, which rate is quick, what a large one escapes."""
from bpviz.coursework.kinds.quantities import Choice
from bpviz.coursework.lessons.lesson_05 import experiments as lab
from bpviz.coursework.prediction import Prediction

# ---- two steps of a ball

BOTH_FALL = "It falls both times: the step goes downhill."
ONE_FALLS = "It falls with 0.75. With 1.05 it rises."
BOTH_RISE = "It rises both times: both steps jump over the bottom."


def two_steps():
    falls = [lab.ball(rate)[1] ** 2 < lab.BALL ** 2 for rate in lab.NEXT_RATES]
    return BOTH_FALL if all(falls) else ONE_FALLS if falls[0] else BOTH_RISE


def said_of_steps(truth):
    (one, two), (first, second) = (lab.ball(rate)[1] for rate in lab.NEXT_RATES), lab.NEXT_RATES
    return (f"With {first} the ball lands at w = {one:.0f}, and the loss is {one ** 2:.0f}. With {second} it lands at "
            f"{two:.1f}, and the loss is {two ** 2:.2f}. Both steps jump over the bottom. One lands lower than it "
            "began, the other higher. Downhill is only where the step **begins**.")


# ---- a race

LARGEST, MIDDLE, SMALLEST = ("0.95: the largest steps.", "0.5: neither the largest nor the smallest.",
                             "0.25: it never jumps over.")


def winner():
    steps = [lab.steps_down(rate) for rate in lab.RACE]
    return (SMALLEST, MIDDLE, LARGEST)[steps.index(min(steps))]


def said_of_race(truth):
    slow, best, fast = map(lab.steps_down, lab.RACE)
    return (f"{lab.RACE[0]} takes {slow} steps, {lab.RACE[1]} takes {best}, {lab.RACE[2]} takes {fast}. The largest "
            f"rate is the "
            "slowest of the three: it loses its time jumping from side to side.")


# ---- into a valley

STRAIGHT = "Straight at the minimum."
ACROSS = "Nearly straight down, across the valley, to its floor."
ALONG = "Nearly level, along the valley."


def first_way():
    step, goal = lab.directions()
    return STRAIGHT if abs(step - goal) < 5 else ACROSS if step > 45 else ALONG


def said_of_way(truth):
    step, goal = lab.directions()
    return (f"The minimum lies {goal:.0f}° below the horizontal; the step points {step:.0f}° down. That is "
            f"{step - goal:.0f}° "
            "off. The gradient says where the loss falls fastest **here**: across the valley, where the walls are "
            "steep. "
            "It does not know where the bottom is.")


# ---- out of a trap

JUMP_OUT = "In A: B cannot hold them, so they jump out and find A."
STAY_IN = "In B all the same. It only takes longer."
NOWHERE = "In neither: they jump about for ever."


def out_of_the_trap():
    many, out, there = lab.trapped()
    return JUMP_OUT if out > many / 2 else STAY_IN if there > many / 2 else NOWHERE


def said_of_trap(truth):
    many, out, there = lab.trapped()
    still = int((lab.ends(60.0) == "A").sum())
    return (f"Of the {many}, {out} reach A and {there} settle in B, even after 1,000 steps. The {still} that found A "
            f"with rate 20 "
            f"still find it with 60. At rate 120, close to the limit of A, {lab.trapped(120.0)[1]} of the {many} get "
            f"over. "
            "Being thrown out of one minimum is not the same as finding a better one.")


# ---- a tenth of the rate

ROOT, TENFOLD, SQUARE = "About 3 times as many.", "About 10 times as many.", "About 100 times as many."


def price():
    times = lab.steps_near(2.0) / lab.steps_near(20.0)
    return ROOT if times < 5 else TENFOLD if times < 30 else SQUARE


def said_of_price(truth):
    return (f"{lab.steps_near(2.0):,} steps instead of {lab.steps_near(20.0)}. As long as the ball goes straight in, "
            f"each step "
            "covers a share of the way that is in proportion to the rate.")


# ---- a narrow minimum

MORE, AS_MANY, NONE = ("More than with 2: it learns faster.", "About as many: they start in the same places.",
                       "None of them.")


def narrow():
    few, many = (int((lab.ends(rate, "trident") == "A").sum()) for rate in (2.0, 10.0))
    return NONE if many == 0 else MORE if many > few else AS_MANY


def said_of_narrow(truth):
    return (f"With 10 the steps are too large for A, whose limit is {lab.limit('A', 'trident'):.2f}. It does not "
            f"matter how often "
            "they come by: they are thrown out again. The best minimum of this network is one in which a quick "
            "descent cannot stay.")


# ---- one number for two slopes

STEEP_ONE = "w2: in the steep direction a mistake counts most."
FLAT_ONE = "w1: the number is small, so it is the flat direction."
UNKNOWN = "The number does not tell."


def which_slope():
    flat, steep = lab.halved()
    return UNKNOWN if abs(flat - steep) < 0.01 else FLAT_ONE if abs(flat - 0.35) < 0.01 else STEEP_ONE


def said_of_slope(truth):
    flat, steep = lab.halved()
    return (f"Halve the slope of w1: {flat:.2f}. Halve that of w2: {steep:.2f} again. At this place both slopes are "
            f"4. A "
            "single number adds all entries up, so look at them one by one.")


# ---- sure and wrong

SAME, HALF, TENS = ("About as many: both losses are lowest at the same place.",
                    "About half as many: the square brings a factor 2 into the slope.",
                    "More than ten times as many.")


def square_or_cross():
    times = lab.until_right("squared error") / lab.until_right("binary cross-entropy")
    return HALF if times < 0.7 else SAME if times < 3 else TENS


def said_of_square(truth):
    return (f"{lab.until_right('squared error')} steps. The unit is sure and wrong. There the sigmoid is flat, and "
            f"squared error "
            "multiplies the blame by that flat slope, so every step is tiny. Cross-entropy does not.")


PREDICTIONS = (
    Prediction("L05-p1",
               "The loss is L = w². The ball sits at w = −2, where the loss is 4 and the slope is −4. It makes "
               "**one** step "
               "with the rate 0.75. Then, again from −2, one step with the rate 1.05. What does the loss do?",
               Choice(((BOTH_FALL, "M02"), ONE_FALLS, BOTH_RISE)), two_steps, said_of_steps),
    Prediction("L05-p2",
               "Three balls start at w = −2, with the rates 0.25, 0.5 and 0.95. Which one is first below a loss of "
               "0.0001?",
               Choice(((LARGEST, "M13"), MIDDLE, SMALLEST)), winner, said_of_race,
               ("rate", {"fit": lab.ROUND, "rate": 0.95, "w1": lab.BALL, "w2": 0.0, "steps": 10})),
    Prediction("L05-p3",
               "Now a long valley: L = w1² + 10 w2². It is flat along w1 and steep along w2. The minimum is at (0, "
               "0), in the "
               "middle. You stand at w1 = −2.5, w2 = 1, up on the wall at the left. Which way does the first step of "
               "gradient descent go?",
               Choice(((STRAIGHT, "M03"), ACROSS, ALONG)), first_way, said_of_way,
               ("rate", {"fit": lab.VALLEY, "rate": 0.08, "w1": -2.5, "w2": 1.0})),
    Prediction("L05-p4",
               "The descent starts in 200 places, spread over all w1 and w2. With rate 20 it ends in A 106 times, and "
               "94 times in "
               "B, the worse one. Then those 94 start again, now with rate 60. That is above the limit of B, 33, and "
               "below "
               "the limit of A, 122. Where do they end?",
               Choice(((JUMP_OUT, "M13"), STAY_IN, NOWHERE)), out_of_the_trap, said_of_trap),
    Prediction("L05-p5",
               "The network starts a little beside A. With rate 20 it needs some steps to come close. How many does "
               "it need with "
               "rate 2?",
               Choice((ROOT, TENFOLD, SQUARE)), price, said_of_price),
    Prediction("L05-p6",
               "The data set trident has three minima. The best one, A, is very narrow. With rate 2, 39 of 200 starts "
               "end in A. "
               "How many do with rate 10?",
               Choice(((MORE, "M13"), AS_MANY, NONE)), narrow, said_of_narrow,
               ("rate", {"data": "trident", "rate": 10.0, "w1": 0.3, "w2": -4.0})),
    Prediction("L05-p7",
               "In the valley L = w1² + 10 w2² a program gets one of the two slopes wrong: it forgets a factor 2, so "
               "that slope comes out "
               "half as large. At w1 = 2, w2 = 0.2 a check prints one number for both: relative error 0.35. That is "
               "the length of the error, as a share of the length of the whole gradient. Which slope is wrong?",
               Choice(((STEEP_ONE, "M11"), (FLAT_ONE, "M11"), UNKNOWN)), which_slope, said_of_slope),
    Prediction("L05-p8",
               "One sigmoid unit hears z = w. It starts at w = −6, so it answers 0.0025. It should answer 1. With "
               "cross-entropy and rate 1 "
               "it answers more than 0.9 after 17 steps. How many steps does it take with squared error, at the same "
               "rate?",
               Choice(((SAME, "M21"), HALF, TENS)), square_or_cross, said_of_square),
)
