import Foundation

/// The page itself: files that are part of the program.
enum PageFiles {
    /// Nil for an address of something else.
    static func answer(_ path: String) -> Answer? {
        switch path {
        case "/", "/index.html":
            Answer(Data(PackageResources.index_html), type: "text/html; charset=utf-8")
        case "/page.css":
            Answer(Data(PackageResources.page_css), type: "text/css; charset=utf-8")
        case "/page.js":
            Answer(Data(PackageResources.page_js), type: "text/javascript; charset=utf-8")
        case "/drawings.js":
            Answer(Data(PackageResources.drawings_js), type: "text/javascript; charset=utf-8")
        default: nil
        }
    }
}
