"""The words of lesson 5 for how a loss bends, and how far one may go on it."""

TERMS = {
    "curvature": "How fast the slope itself changes, written λ: large in a narrow bowl, small in a wide one.",
    "stability limit": "The rate 2/λ: below it a minimum of curvature λ can hold the descent, above it no more.",
    "condition number": "The largest curvature divided by the smallest: how long and narrow a valley is.",
    "Hessian": "The table of all second derivatives; its eigenvalues are curvatures, from the smallest to the "
               "largest.",
}
