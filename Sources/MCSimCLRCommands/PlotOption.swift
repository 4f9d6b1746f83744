import ArgumentParser
import Foundation
import Reports

/// `--plot`, alone or with the name of a file.
enum PlotFile: ExpressibleByArgument, CustomStringConvertible {
    case besideOutput
    case named(String)

    init?(argument: String) {
        guard !argument.isEmpty else { return nil }
        self = .named(argument)
    }

    var description: String {
        switch self {
        case .besideOutput: "beside the output, as .svg"
        case .named(let path): path
        }
    }

    /// - Throws: `ValidationError` for a name without the ending of a format.
    func validate() throws {
        guard case .named(let path) = self else { return }
        let endings = GnuplotFigure.Format.allCases.map(\.rawValue)
        guard endings.contains(URL(fileURLWithPath: path).pathExtension.lowercased()) else {
            throw ValidationError(
                "--plot is '\(path)', but must end in "
                    + endings.map { ".\($0)" }.joined(separator: ", "))
        }
    }

    /// `what` is drawn; it keeps the drawings of one recording apart.
    func url(output: String, what: String) -> URL {
        switch self {
        case .besideOutput:
            // 'maps.npy' has its drawing in 'maps.svg', 'scene.wav' has both of 'scene-room.svg' and
            // 'scene-maps.svg'.
            URL(
                fileURLWithPath: Self.base(output) + (Self.isNamed(output, what) ? "" : "-\(what)")
                    + ".svg")
        case .named(let path): URL(fileURLWithPath: path)
        }
    }

    private static func base(_ output: String) -> String {
        URL(fileURLWithPath: output).deletingPathExtension().path
    }

    private static func isNamed(_ output: String, _ what: String) -> Bool {
        let name = URL(fileURLWithPath: base(output)).lastPathComponent
        return name == what || name.hasSuffix("-\(what)")
    }
}
