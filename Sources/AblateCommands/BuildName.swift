import Studies

/// What is kept with each result, so that tables can tell mixed builds apart.
package enum BuildName {
    package static let version = "0.1.0"

    /// Of results of a study.
    static func current(_ study: any Study) -> String {
        "ablate \(version)" + (study.build.isEmpty ? "" : ", " + study.build)
    }
}
