import Foundation
import Platform
import Reports
package import SoundData

/// What a data set holds, in a few lines.
package struct DataSetText {
    private let summary: DataSummary

    package init(summary: DataSummary) { self.summary = summary }

    /// How many clips that are left out are named one by one.
    private static let namedAtMost = 10

    /// Name, splits, classes and unreadable clips.
    package var text: String { (overview + classes).map { $0 + "\n" }.joined() }

    /// The same without the classes.
    package var overview: [String] {
        var lines = [
            "\(summary.name): \(Count.text(summary.clips, "clip")), \(Count.text(summary.classes.count, "class", "classes")), "
                + hours(summary.hours)
                + (summary.isSynthetic ? " (synthesised, not recorded)" : "")
        ]
        for split in summary.splits where split.clips > 0 {
            lines.append(
                "  \(split.split.rawValue): \(Count.text(split.clips, "clip")) in \(Count.text(split.groups, "group")), "
                    + hours(split.hours)
                    + (split.split == .pretraining
                        ? " (those for training are not pretrained on)" : ""))
        }
        return lines + leftOut + summary.notes.map { "  note: \($0)" }
    }

    private var classes: [String] {
        let width = summary.classes.map(\.name.count).max() ?? 0
        let splits = summary.splits.map(\.split.rawValue).joined(separator: " / ")
        return ["  clips by class (\(splits)):"]
            + summary.classes.map { item in
                "    \(item.name.padding(toLength: width))  "
                    + item.clips.map(String.init).joined(separator: " / ")
            }
    }

    /// A line for each clip that is not used, or for each reason where there are many.
    private var leftOut: [String] {
        guard summary.leftOut.count > Self.namedAtMost else {
            return summary.leftOut.map { "  left out: \($0.path): \($0.reason)" }
        }
        return LeftOutSummary(summary.leftOut).items.map { item in
            "  left out: \(item.count) \(item.fault.text), the first: \(item.first.path): "
                + item.first.reason
        }
    }

    private func hours(_ hours: Double) -> String {
        hours < 1 ? String(format: "%.1f min", hours * 60) : String(format: "%.1f h", hours)
    }
}
