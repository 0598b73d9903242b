import Jobs

/// The form, empty or as it came back.
struct FormPage {
    let form: JobForm
    let site: Site
    /// What stands in the way of the whole form, whatever is typed into it.
    var obstacle: String?

    var html: HTML {
        Layout.page(
            title: problemList == nil ? "Make a picture" : "Please check the form", at: site,
            """
            <h1>Make a picture</h1>
            \(obstacle.map { "<p class=\"problem\" role=\"alert\" id=\"obstacle\">\($0)</p>" } as HTML?)
            \(problemList)
            <form method="post" action="\(site.form)">
            <input type="hidden" name="\(JobForm.tokenField)" value="\(form.token.description)">
            \(prompt)
            \(model)
            <details\(isDetailed ? " open" : nil)>
            <summary>Size, number and images</summary>
            <div class="grid">
            \(details.map(input))
            </div>
            \(imageURLs)
            </details>
            <button type="submit">Make it</button>
            </form>
            """)
    }

    private var prompt: HTML {
        row(
            "prompt", label: "Prompt", hint: "What the picture shall show.",
            // A line end right after the tag is not part of the text, so the one that is typed first stays.
            "<textarea id=\"prompt\" name=\"prompt\" rows=\"5\" required\(described("prompt"))>\n\(typed("prompt"))</textarea>")
    }

    private var model: HTML {
        let chosen = Model.named(typed("model")) ?? .default
        let options = Model.all.map { model -> HTML in
            let usual = "\(model.typicalSeconds.lowerBound)–\(model.typicalSeconds.upperBound) s"
            return """
                <option value="\(model.id)"\(model == chosen ? " selected" : nil)>\(model.name), \(usual) — \(model.bestFor)</option>
                """
        }
        return row(
            "model", label: "Model", hint: "What each is best for, and how long a picture usually takes.",
            """
            <select id="model" name="model"\(described("model"))>
            \(options)
            </select>
            """)
    }

    /// A field of one line.
    private struct Detail {
        let name: String
        let label: String
        let hint: String
        var isNumber = true
    }

    private var details: [Detail] {
        let side = "\(RequestLimits.side.lowerBound) to \(RequestLimits.side.upperBound) pixels"
        let number = "\(RequestLimits.batchSize.lowerBound) to \(RequestLimits.batchSize.upperBound); over 2 waits longer"
        return [
            Detail(name: "width", label: "Width", hint: side),
            Detail(name: "height", label: "Height", hint: side),
            Detail(name: "aspect_ratio", label: "Aspect ratio", hint: "like 16:9", isNumber: false),
            Detail(name: "batch_size", label: "Number of pictures", hint: number),
            Detail(name: "steps", label: "Steps (Flux only)", hint: "20 to 40 is best; 28 if empty"),
        ]
    }

    private func input(_ field: Detail) -> HTML {
        let keyboard: HTML? = field.isNumber ? " inputmode=\"numeric\"" : nil
        return row(
            field.name, label: field.label, hint: field.hint,
            """
            <input id="\(field.name)" name="\(field.name)" value="\(typed(field.name))"\(keyboard) autocomplete="off"\(described(field.name))>
            """)
    }

    private var imageURLs: HTML {
        row(
            "image_urls", label: "Image addresses", hint: "Pictures to start from: https addresses, one a line.",
            "<textarea id=\"image_urls\" name=\"image_urls\" rows=\"3\"\(described("image_urls"))>\n\(typed("image_urls"))</textarea>")
    }

    /// A field with its label, its hint and what is wrong with it.
    private func row(_ name: String, label: String, hint: String, _ control: HTML) -> HTML {
        let problem: HTML? = form.problem(of: name).map { "<p class=\"wrong\" id=\"\(name)-problem\">\($0)</p>" }
        return """
            <div class="field">
            <label for="\(name)">\(label)</label>
            \(control)
            <p class="hint" id="\(name)-hint">\(hint)</p>
            \(problem)
            </div>
            """
    }

    private func described(_ name: String) -> HTML {
        form.problem(of: name) == nil
            ? " aria-describedby=\"\(name)-hint\""
            : " aria-invalid=\"true\" aria-describedby=\"\(name)-problem \(name)-hint\""
    }

    private func typed(_ name: String) -> String { form.fields[name] ?? "" }

    /// Everything that is wrong, each with the way to its field.
    private var problemList: HTML? {
        guard !form.problems.isEmpty else { return nil }
        let items = form.problems.map { problem -> HTML in
            names.contains(problem.member)
                ? "<li><a href=\"#\(problem.member)\">\(problem.sentence)</a></li>" : "<li>\(problem.sentence)</li>"
        }
        return """
            <div class="problem" role="alert" id="problems">
            <h2>Please check the form</h2>
            <ul>
            \(items)
            </ul>
            </div>
            """
    }

    /// The fold is open where it holds something that has to be seen.
    private var isDetailed: Bool {
        (details.map(\.name) + ["image_urls"]).contains { !typed($0).isEmpty || form.problem(of: $0) != nil }
    }

    private var names: [String] { ["prompt", "model", "image_urls"] + details.map(\.name) }
}
