from .alignment_figure import AlignmentFigure
from .asking import ask_choice, ask_curve, ask_number, ask_order, ask_point
from .bias_price import BiasPriceFigure
from .cloud import CloudFigure
from .explorer import Explorer
from .feedback_figure import FeedbackFigure
from .four_losses import FourLossesFigure
from .image_pager import ImagePager
from .ladder import LadderFigure
from .landscape import LandscapeFigure
from .late_bias import LateBiasFigure
from .mirror_figure import MirrorFigure
from .orders_figure import OrdersFigure
from .panel.training_panel import TrainingPanel
from .prediction import Prediction
from .quiz import Question, check_yourself
from .reconstruction import ReconstructionFigure
from .spectrum_figure import SpectrumFigure
from .subspace_figure import SubspaceFigure
from .transpose_figure import TransposeFigure
from .way_back_figure import WayBackFigure

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
