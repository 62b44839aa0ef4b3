"""Interactive figures, which compute in the page; the training panel, which needs a kernel.

Each figure is a module of its own, with an ES module of the same name in ``js/``. ``base`` is what
they share, ``checks`` and ``limits`` say what a trait may hold, ``front_end`` joins ES modules,
``quantization`` sends matrices as bytes, ``background`` trains beside the reader, ``plane`` draws
points on paper.
"""

from lae_helpers.widgets.alignment_figure import AlignmentFigure
from lae_helpers.widgets.asking import ask_choice, ask_curve, ask_number, ask_order, ask_point
from lae_helpers.widgets.bias_price import BiasPriceFigure
from lae_helpers.widgets.cloud import CloudFigure
from lae_helpers.widgets.explorer import Explorer
from lae_helpers.widgets.feedback_figure import FeedbackFigure
from lae_helpers.widgets.four_losses import FourLossesFigure
from lae_helpers.widgets.image_pager import ImagePager
from lae_helpers.widgets.ladder import LadderFigure
from lae_helpers.widgets.landscape import LandscapeFigure
from lae_helpers.widgets.late_bias import LateBiasFigure
from lae_helpers.widgets.mirror_figure import MirrorFigure
from lae_helpers.widgets.orders_figure import OrdersFigure
from lae_helpers.widgets.panel.training_panel import TrainingPanel
from lae_helpers.widgets.prediction import Prediction
from lae_helpers.widgets.quiz import Question, check_yourself
from lae_helpers.widgets.reconstruction import ReconstructionFigure
from lae_helpers.widgets.spectrum_figure import SpectrumFigure
from lae_helpers.widgets.subspace_figure import SubspaceFigure
from lae_helpers.widgets.transpose_figure import TransposeFigure
from lae_helpers.widgets.way_back_figure import WayBackFigure

__all__ = [
    "AlignmentFigure",
    "BiasPriceFigure",
    "CloudFigure",
    "Explorer",
    "FeedbackFigure",
    "FourLossesFigure",
    "ImagePager",
    "LadderFigure",
    "LandscapeFigure",
    "LateBiasFigure",
    "MirrorFigure",
    "OrdersFigure",
    "Prediction",
    "Question",
    "ReconstructionFigure",
    "SpectrumFigure",
    "SubspaceFigure",
    "TrainingPanel",
    "TransposeFigure",
    "WayBackFigure",
    "ask_choice",
    "ask_curve",
    "ask_number",
    "ask_order",
    "ask_point",
    "check_yourself",
]
