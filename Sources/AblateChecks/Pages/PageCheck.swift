import AblateCommands
import Foundation

/// What a person does with the page while a sweep runs, step by step.
final class PageCheck {
    private(set) var steps = 0
    private let browser: Browser
    private let folder: URL
    private let pictures: URL
    private var programs: [Process] = []

    init(_ chromium: URL, in folder: URL, pictures: URL) throws {
        let home = folder.appending(path: "browser")
        try FileManager.default.createDirectory(at: home, withIntermediateDirectories: true)
        browser = try Browser(chromium, in: home)
        self.folder = folder
        self.pictures = pictures
    }

    deinit {
        for program in programs where program.isRunning {
            program.terminate()
            program.waitUntilExit()
        }
    }

    func picture(_ name: String) throws {
        try browser.screenshot(to: pictures.appending(path: "\(name).png"))
    }

    func run() throws {
        try browser.show(width: 1280, height: 900, isDark: false)
        let results = folder.appending(path: "results").path
        let address = try serve(results)
        try browser.visit(address)
        try browser.wait(
            "no store yet", until: "document.body.innerText.includes('There is no store')")
        step("the page of a store that is not there yet")

        try Self.sweep.write(
            to: folder.appending(path: "watched.yaml"), atomically: true, encoding: .utf8)
        let run = try start(
            [
                "run", "watched.yaml", "-j", "2", "--stage-time-limit", "20s", "--results", results,
            ])
        try browser.wait(
            "the sweep appears", seconds: 60, until: Self.has("a[href='#/sweep/watched']"))
        step("the sweep appears by itself")
        try click("a[href='#/sweep/watched']")
        try browser.wait(
            "a worker", seconds: 60, until: "document.body.innerText.includes('step ')")
        step("what runs, with its step and loss")
        try browser.wait(
            "a curve grows", seconds: 60, until: Self.has("#main figure.drawing svg path"))
        step("curves before any pretraining has ended")
        try browser.wait(
            "a number", seconds: 120,
            until: "/\\d/.test(document.querySelector('#table td.number')?.textContent ?? '')")
        let before = try browser.value("document.querySelector('#table tbody').innerText")
        try picture("running-wide-light")
        try browser.show(width: 1280, height: 900, isDark: true)
        try picture("running-wide-dark")
        try browser.show(width: 390, height: 844, isDark: true)
        try picture("running-narrow-dark")
        try browser.show(width: 390, height: 844, isDark: false)
        try picture("running-narrow-light")
        try fits()
        try browser.show(width: 1280, height: 900, isDark: false)
        let literal = String(decoding: try JSONEncoder().encode(before), as: UTF8.self)
        try browser.wait(
            "the table changes", seconds: 120,
            until: "document.querySelector('#table tbody').innerText !== \(literal)")
        step("the table's numbers change as trials end")
        try browser.wait("a failed trial", seconds: 120, until: Self.has(".failure pre"))
        step("a failed trial appears, with its reason")
        run.waitUntilExit()
        guard run.terminationStatus == 1 else {
            throw PageFault(
                "the sweep ended with \(run.terminationStatus), not 1: one trial was to fail")
        }
        try browser.wait(
            "the end",
            until:
                "/[1-9] failed/.test(document.querySelector('#progress').innerText) && !document.querySelector('#progress').innerText.includes('running')"
        )
        step("the end of the run")
        try lookAtResults()
        try useKeyboard()
        guard browser.complaints.isEmpty else {
            throw PageFault("the browser complains:\n" + browser.complaints.joined(separator: "\n"))
        }
        step("no complaint in the console")
    }

    private func lookAtResults() throws {
        try click("th[data-key] button.sort")
        try browser.wait("sorted", until: Self.has("th[aria-sort='descending']"))
        step("sorted by a click")
        try click("button[data-focus='kind differences']")
        try browser.wait(
            "differences", until: "document.querySelector('#table').innerText.includes('[')")
        step("differences with their intervals")
        try picture("finished-wide-light")
        try lookAtClaims()
        try click("button[data-focus='status failed']")
        try browser.wait(
            "failed trials",
            until:
                "[...document.querySelectorAll('#trials .badge')].every((one) => one.className.includes('failed')) && document.querySelectorAll('#trials tbody tr').length > 0"
        )
        try click("#trials tbody th a")
        try browser.wait(
            "the trial",
            until:
                "location.hash.startsWith('#/trial/') && document.querySelectorAll('.failure pre').length > 0"
        )
        try picture("failed-trial-wide-light")
        step("through to the failed trial and its reason")
        _ = try browser.value("history.back()")
        try browser.wait("back", until: "location.hash === '#/sweep/watched'")
        try browser.wait("trials", until: Self.has("button[data-focus='status finished']"))
        try click("button[data-focus='status finished']")
        try browser.wait(
            "finished trials",
            until:
                "[...document.querySelectorAll('#trials .badge')].every((one) => one.className.includes('finished')) && document.querySelectorAll('#trials tbody tr').length > 0"
        )
        try click("#trials tbody th a")
        try browser.wait("an encoder", until: Self.has("a[download]"))
        let size = try browser.value(
            "fetch(document.querySelector('a[download]').href).then((answer) => answer.arrayBuffer()).then((data) => data.byteLength)"
        )
        guard Int(size) ?? 0 > 1000 else { throw PageFault("the encoder has \(size) bytes") }
        step("a trial with its encoder to download")
        try browser.wait("drawings", until: Self.has("figure.drawing svg rect"))
        try picture("trial-wide-light")
        try browser.show(width: 390, height: 844, isDark: true)
        try fits()
        try picture("trial-narrow-dark")
        try browser.show(width: 1280, height: 900, isDark: false)
        _ = try browser.value("history.back()")
        try browser.wait(
            "something to see and hear", seconds: 60, until: Self.has(".exhibition button"))
        _ = try browser.value(
            "[...document.querySelectorAll('.exhibition button')].map((one) => one.click()).length")
        try browser.wait(
            "a scene, sounds, maps and a map of embeddings", seconds: 60,
            until:
                "document.querySelectorAll('.exhibition audio').length > 3 && document.querySelectorAll('.exhibition canvas').length > 2 && document.querySelectorAll('.exhibition svg path').length > 10"
        )
        let sound = try browser.value(
            "fetch(document.querySelector('audio').src).then((answer) => answer.arrayBuffer()).then((data) => data.byteLength)"
        )
        guard Int(sound) ?? 0 > 10_000 else { throw PageFault("a sound of \(sound) bytes") }
        step("a recording seen and heard, a map of embeddings")
        try picture("see-and-hear-wide-light")
    }

    private func lookAtClaims() throws {
        try click("button[data-focus='kind claims']")
        try browser.wait(
            "claims",
            until:
                "document.querySelectorAll('#table tbody tr').length === 2 && document.querySelector('#table').innerText.includes('undecided') && document.querySelector('#table').innerText.includes('beats chance')"
        )
        step("what was claimed, and what became of it")
        try picture("claims-wide-light")
        try browser.show(width: 390, height: 844, isDark: true)
        try fits()
        try picture("claims-narrow-dark")
        try browser.show(width: 1280, height: 900, isDark: false)
        try click("button[data-focus='kind figures']")
        try browser.wait(
            "the figures again",
            until: "document.querySelectorAll('#table tbody tr').length > 2")
    }

    /// Sorts a table and opens a trial without a pointer.
    private func useKeyboard() throws {
        _ = try browser.value("location.hash = '#/sweep/watched'")
        _ = try browser.value("location.reload()")
        try browser.wait("the table", until: Self.has("th[data-key] button.sort"))
        try browser.wait("the trials", until: Self.has("#trials tbody th a"))
        try tab(to: "th[data-key] button.sort")
        try picture("focus-wide-light")
        try browser.press("Enter")
        try browser.wait("sorted", until: Self.has("th[aria-sort='descending']"))
        try browser.wait(
            "the focus where it was",
            until: "document.activeElement.matches('th[aria-sort=descending] button.sort')")
        try tab(to: "button[data-focus='kind claims']")
        try browser.press("Enter")
        try browser.wait(
            "claims by keyboard",
            until:
                "document.querySelector('#table').innerText.includes('beats chance') && document.activeElement.matches(\"button[data-focus='kind claims']\")"
        )
        step("to the claims by keyboard")
        try tab(to: "#trials tbody th a")
        try browser.press("Enter")
        try browser.wait("the trial", until: "location.hash.startsWith('#/trial/')")
        try browser.wait("its figures", until: Self.has("main h1"))
        step("sorted, and through to a trial, by keyboard")
    }

    /// Presses Tab until what is meant has the focus, which must be seen.
    private func tab(to selector: String) throws {
        for _ in 0..<400 {
            try browser.press("Tab")
            let isThere = try browser.value("document.activeElement.matches(\"\(selector)\")")
            guard isThere == "true" else { continue }
            let outline = try browser.value(
                "getComputedStyle(document.activeElement).outlineStyle + ' ' + getComputedStyle(document.activeElement).outlineWidth"
            )
            guard !outline.hasPrefix("none"), !outline.hasSuffix(" 0px") else {
                throw PageFault(
                    "the focus on \(selector) cannot be seen: its outline is \(outline)")
            }
            return
        }
        throw PageFault("no Tab leads to \(selector)")
    }

    // MARK: Parts

    /// Nothing is wider than the screen.
    private func fits() throws {
        usleep(500_000)
        // A window of a phone grows with what is too wide for it.
        let wide = try browser.value("document.documentElement.scrollWidth - screen.width")
        guard Int(wide) ?? 1 <= 0 else {
            throw PageFault("the page is \(wide) points wider than a narrow screen")
        }
    }

    private func step(_ what: String) {
        steps += 1
        Console.write("  \(what)\n")
    }

    private static func has(_ selector: String) -> String {
        "document.querySelector(\"\(selector)\") !== null"
    }

    private func click(_ selector: String) throws {
        try browser.wait("a \(selector)", until: Self.has(selector))
        _ = try browser.value("document.querySelector(\"\(selector)\").click()")
    }

    private func start(_ arguments: [String], output: Pipe? = nil) throws -> Process {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: Checks.program)
        process.arguments = arguments
        process.currentDirectoryURL = folder
        process.standardOutput = output ?? FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        programs.append(process)
        return process
    }

    /// Returns the page's address.
    private func serve(_ results: String) throws -> String {
        let pipe = Pipe()
        _ = try start(["serve", "--port", "0", "--results", results], output: pipe)
        var text = ""
        while !text.contains("\n") {
            let data = pipe.fileHandleForReading.availableData
            guard !data.isEmpty else { throw PageFault("'serve' printed no address") }
            text += String(decoding: data, as: UTF8.self)
        }
        return text.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// One row has more steps than a stage may take time for, another an encoder of its own.
    private static let sweep = """
        name: watched
        description: A sweep that is watched, and of which one row fails
        data: {source: builtin, clips: 80, classes: 5}
        base:
          encoder: small
          feature_pooling: 2
          microphones: 3
          batch_size: 16
        design: zip
        parameters:
          augmentations: {values: [[], [channel_swap], [channel_drop]]}
          pretraining_steps: {values: [150, 150, 100000]}
          encoder: {values: [small, {channels: [16, 16, 16], recurrent_units: 32}, small]}
        seeds: [0, 1]
        evaluation: [raw, random, probe]
        baseline: {augmentations: []}
        claims:
          training beats chance, for class and for direction, also where words are many:
            better: {row: "none, pretraining_steps 150, encoder small", evaluation: probe}
            than: {evaluation: random}
        """
}
