"""Documents as reports: which columns and sentences a person reads, in which order."""

from ipplan.views.fits import fit_report
from ipplan.views.reports import Report, Section
from ipplan.views.rows import data_report, limits_report, models_report
from ipplan.views.sizes import size_report

__all__ = [
    "Report",
    "Section",
    "data_report",
    "fit_report",
    "limits_report",
    "models_report",
    "size_report",
]
