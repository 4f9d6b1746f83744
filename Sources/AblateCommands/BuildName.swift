import CBuildCommit
import Studies

/// What is kept with each result, so that tables can tell mixed builds apart.
package enum BuildName {
    package static let version = "0.1.0"

    /// The commit that this program was built from, with "-dirty" where the sources were changed; nil for builds
    /// that do not say (`make` tells the compiler).
    static var commit: String? {
        let text = String(cString: ablate_build_commit())
        return text.isEmpty ? nil : text
    }

    /// Of results of a study.
    static func current(_ study: any Study) -> String {
        "ablate \(version)" + (study.build.isEmpty ? "" : ", " + study.build)
    }
}
