"""The spine seen from the patient's left: its curves, what imaging showed, what is likely, what was done."""

from __future__ import annotations

from collections.abc import Iterable

from spinecourse.course.model import Fact
from spinecourse.pictures import levels, shapes, side_marks
from spinecourse.pictures.callouts import BOTTOM, TOP, callout, group_label, leader, level_label
from spinecourse.pictures.captions import Caption, captions, foot, haloed, small_name
from spinecourse.pictures.description import describe_marks
from spinecourse.pictures.geometry import MIDLINE, WIDTH, Point
from spinecourse.pictures.labels import Label, place
from spinecourse.pictures.marks import LevelMark, Marks
from spinecourse.pictures.page import document
from spinecourse.pictures.side_bones import layers
from spinecourse.pictures.side_geometry import Curve, side_bones
from spinecourse.pictures.side_marks import Stage
from spinecourse.pictures.style import hatchings

_CAPTIONS: tuple[Caption, ...] = (
    (8, 30, 15, 700, "start", "front"), (2 * MIDLINE - 8, 30, 15, 700, "end", "back"),
    (MIDLINE, 16, 11, 400, "middle", "seen from the patient’s left"),
)  # fmt: skip


def draw(marks: Marks, imaging: Iterable[Fact], treatments: Iterable[Fact], title: str) -> str:
    """The side view as an SVG document. Sides are told in words, as the picture cannot show them."""
    found = shapes.shapes(imaging)
    bones = side_bones(shapes.slips(found))
    stage = Stage(bones, Curve(bones), shapes.wedges(found))
    columns = [place([label for label in _labels(marks, stage) if label.side == end], TOP, BOTTOM) for end in (-1, 1)]
    below, height = foot(marks, sum(len(left_out) for _, left_out in columns))
    body = [
        hatchings(),
        *layers(stage.bones, stage.curve, stage.wedges),
        *(side_marks.lesion(lesion, stage) for group in reversed(marks.groups) for lesion in group.lesions),
        *(side_marks.frame_of(mark, stage) for mark in marks.levels),
        *(side_marks.finding(shape, stage) for shape in found),
        side_marks.hardware(treatments, stage),
        *(leader(placed) for column, _ in columns for placed in column),
        _names(stage),
        *(levels.symbol(mark.kind, _level(mark, stage).anchor, 4.2) for mark in marks.levels),
        *(callout(placed) for column, _ in columns for placed in column),
        captions(_CAPTIONS),
        below,
    ]
    return document("spine-side", title, describe_marks(marks, "side"), body, WIDTH, height)


def _labels(marks: Marks, stage: Stage) -> list[Label]:
    """Levels are named in front, likely sites and treatments behind."""
    labels = [group_label(group, 1, side_marks.anchor_of(group, stage)) for group in marks.groups]
    return labels + [_level(mark, stage) for mark in marks.levels]


def _level(mark: LevelMark, stage: Stage) -> Label:
    frame = stage.frame(mark.level)
    if mark.kind == "imaging":
        return level_label(mark, -1, frame.point(-frame.back - (22 if mark.level in stage.bones else 1), 0))
    return level_label(mark, 1, frame.point(frame.back + frame.canal + 8, 0))


def _names(stage: Stage) -> str:
    """Every vertebra named in front of its body."""
    return haloed(small_name(name, _in_front(stage, name), "end", 650) for name in stage.bones)


def _in_front(stage: Stage, name: str) -> Point:
    frame = stage.bones[name].frame
    x, y = frame.point(-frame.back - 4, 0)
    return x, y + 3.5
