import Foundation

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Headless Chromium, driven by its own protocol over two pipes: no port, no driver, no library.
///
/// Used from one thread.
final class Browser {
    /// What the page has complained of: console errors, exceptions, requests that failed.
    private(set) var complaints: [String] = []
    private let process = Process()
    private let requests: Int32
    private let answers: Int32
    private var number = 0
    private var unread: [UInt8] = []
    private var session = ""

    /// - Parameter folder: for its profile and its pipes; of this browser alone.
    init(_ program: URL, in folder: URL) throws {
        let (input, output) = (
            folder.appending(path: "in").path, folder.appending(path: "out").path
        )
        guard mkfifo(input, 0o600) == 0, mkfifo(output, 0o600) == 0 else {
            throw PageFault("no pipes in \(folder.path)")
        }
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        let flags =
            "--headless=new --no-sandbox --disable-gpu --no-first-run --disable-background-networking "
            + "--disable-dev-shm-usage --hide-scrollbars --mute-audio --remote-debugging-pipe"
        process.arguments = [
            "-c",
            "exec \"$0\" \(flags) --user-data-dir=\"$1\" about:blank 3<\"$2\" 4>\"$3\" >/dev/null 2>&1",
            program.path, folder.appending(path: "profile").path, input, output,
        ]
        // Opened both ways, so that nobody waits for the other end.
        requests = open(input, O_RDWR | O_CLOEXEC)
        answers = open(output, O_RDWR | O_NONBLOCK | O_CLOEXEC)
        try process.run()
        let target = try send("Target.createTarget", ["url": "about:blank"])
        let attached = try send(
            "Target.attachToTarget",
            ["targetId": target["targetId"] as? String ?? "", "flatten": true])
        session = attached["sessionId"] as? String ?? ""
        for domain in ["Page", "Runtime", "Log", "Network"] { _ = try send("\(domain).enable") }
    }

    deinit {
        process.terminate()
        process.waitUntilExit()
        close(requests)
        close(answers)
    }

    // MARK: What a person does

    func visit(_ address: String) throws { _ = try send("Page.navigate", ["url": address]) }

    /// A key as a person presses it: "Tab", "Enter".
    func press(_ key: String) throws {
        let codes = ["Tab": 9, "Enter": 13]
        var event: [String: Any] = [
            "type": "keyDown", "key": key, "code": key, "windowsVirtualKeyCode": codes[key] ?? 0,
        ]
        if key == "Enter" { event["text"] = "\r" }
        _ = try send("Input.dispatchKeyEvent", event)
        event["type"] = "keyUp"
        event["text"] = nil
        _ = try send("Input.dispatchKeyEvent", event)
    }

    /// Units: points.
    func show(width: Int, height: Int, isDark: Bool) throws {
        _ = try send(
            "Emulation.setDeviceMetricsOverride",
            [
                "width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600,
            ])
        _ = try send(
            "Emulation.setEmulatedMedia",
            [
                "features": [
                    ["name": "prefers-color-scheme", "value": isDark ? "dark" : "light"]
                ]
            ])
    }

    /// The whole page, also what lies below the window.
    func screenshot(to file: URL) throws {
        let answer = try send(
            "Page.captureScreenshot", ["format": "png", "captureBeyondViewport": true])
        guard let text = answer["data"] as? String, let data = Data(base64Encoded: text) else {
            throw PageFault("no screenshot")
        }
        try data.write(to: file)
    }

    /// The value of an expression of JavaScript, as text.
    func value(_ expression: String) throws -> String {
        let answer = try send(
            "Runtime.evaluate",
            [
                "expression": "Promise.resolve(\(expression)).then(String)", "returnByValue": true,
                "awaitPromise": true,
            ])
        let result = answer["result"] as? [String: Any]
        return result?["value"] as? String ?? ""
    }

    /// Waits until an expression is true.
    func wait(_ what: String, seconds: Double = 30, until expression: String) throws {
        let deadline = ContinuousClock.now + .seconds(seconds)
        while try value(expression) != "true" {
            guard ContinuousClock.now < deadline else {
                let text = (try? value("document.body.innerText")) ?? ""
                throw PageFault("waited \(Int(seconds)) s in vain: \(what). The page:\n\(text)")
            }
            usleep(100_000)
        }
    }

    // MARK: The protocol: JSON with a zero behind it

    @discardableResult
    private func send(_ method: String, _ parameters: [String: Any] = [:]) throws -> [String: Any] {
        number += 1
        var message: [String: Any] = ["id": number, "method": method, "params": parameters]
        if !session.isEmpty { message["sessionId"] = session }
        var bytes = Array(try JSONSerialization.data(withJSONObject: message)) + [0]
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeMutableBytes {
                write(requests, $0.baseAddress!, $0.count)
            }
            guard count > 0 else { throw PageFault("the browser takes no requests") }
            sent += count
        }
        bytes.removeAll()
        let deadline = ContinuousClock.now + .seconds(60)
        while ContinuousClock.now < deadline {
            guard let answer = try receive() else { continue }
            guard answer["id"] as? Int == number else {
                note(answer)
                continue
            }
            if let error = answer["error"] as? [String: Any] {
                throw PageFault("\(method): \(error["message"] ?? "failed")")
            }
            return answer["result"] as? [String: Any] ?? [:]
        }
        throw PageFault("the browser does not answer \(method)")
    }

    /// The next message; nil where none has come within a moment.
    private func receive() throws -> [String: Any]? {
        if let end = unread.firstIndex(of: 0) {
            let data = Data(unread[..<end])
            unread.removeFirst(end + 1)
            return try JSONSerialization.jsonObject(with: data) as? [String: Any]
        }
        guard process.isRunning else { throw PageFault("the browser has ended") }
        var ready = pollfd(fd: answers, events: Int16(POLLIN), revents: 0)
        guard poll(&ready, 1, 200) > 0 else { return nil }
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        let count = read(answers, &buffer, buffer.count)
        if count > 0 { unread += buffer[..<count] }
        return nil
    }

    private func note(_ event: [String: Any]) {
        let facts = event["params"] as? [String: Any] ?? [:]
        switch event["method"] as? String {
        case "Runtime.exceptionThrown":
            complaints.append("exception: \(facts["exceptionDetails"] ?? "")")
        case "Runtime.consoleAPICalled" where facts["type"] as? String == "error":
            complaints.append("console: \(facts["args"] ?? "")")
        case "Log.entryAdded":
            let entry = facts["entry"] as? [String: Any] ?? [:]
            if entry["level"] as? String == "error" {
                complaints.append("log: \(entry["text"] ?? "") \(entry["url"] ?? "")")
            }
        default: break
        }
    }
}

/// What was seen in the browser and should not have been.
struct PageFault: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}
