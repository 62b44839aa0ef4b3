"""What breaks the last symmetry, for chapter 6.

``rules`` has the losses and rules that tell the components apart, ``curvature`` the Hessian's
eigenvalues at the ordered minimum, which say why that is slow.
"""
