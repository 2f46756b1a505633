"""What learners believe and is not so: M01 to M22, each a sentence as somebody who holds it would say it.

Each is asked or stated somewhere in earnest. A wrong choice or a mistake that shows one carries its number.
"""
from bpviz.base.arguments import Table

MISCONCEPTIONS = Table("misconception", {
    "M01": "Backpropagation is the learning algorithm itself, not only a way to get the gradient.",
    "M02": "Every step of gradient descent lowers the loss.",
    "M03": "Minus the gradient points straight at the minimum.",
    "M04": "The squared error is a parabola, so a network trained with it has no local minima.",
    "M05": "A small gradient, or a loss curve that has become flat, means that training is done.",
    "M06": "A network that does not learn is stuck in a local minimum, by bad luck.",
    "M07": "With one hidden layer, enough steps and a falling rate, the best minimum is always reached.",
    "M08": "With more weights there is always a way out of a bad place.",
    "M09": "The later layer is updated first, and its new weights carry the slopes further back.",
    "M10": "The loss goes down, so the gradient is right.",
    "M11": "One number from a gradient check tells where the fault is.",
    "M12": "Starting from zeros fails because the loss is the same for all units.",
    "M13": "A larger rate learns faster, and the right rate jumps out of every trap.",
    "M14": "Momentum and Adam avoid local minima.",
    "M15": "Gradients vanish because of the sigmoid alone, whatever the weights are.",
    "M16": "With ReLU nothing vanishes and no unit dies.",
    "M17": "Clipping the error is the same as clipping the gradient.",
    "M18": "Accuracy could be the loss that is descended.",
    "M19": "One slice through the loss is the landscape, and two pictures of it can be compared as they are.",
    "M20": "A unit that was pushed far off comes back by itself.",
    "M21": "Squared error behind a sigmoid learns as well as cross-entropy.",
    "M22": "A network stores its data, goes on learning while it is used, and answers exactly.",
})
