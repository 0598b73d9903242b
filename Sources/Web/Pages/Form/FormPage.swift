import Jobs

/// The page with the form.
struct FormPage {
    let form: JobForm
    let links: Links
    /// The fields of each model.
    let offers: ModelOffers
    /// A problem with the whole form.
    var obstacle: String?
    /// What the caller has left for the day; nil without limits.
    var allowance: Allowance?
    /// The latest jobs of a known caller; nil if only the browser knows them.
    var mine: [JobView]?

    private var texts: any Texts { links.texts }

    var html: HTML {
        let hasProblems = !form.problems.isEmpty
        return Layout(title: hasProblems ? texts.checkForm : texts.makePicture, links: links, isSwitchable: !form.wasSent).page(
            """
            <h1>\(texts.makePicture)</h1>
            \(obstacle.map { "<p class=\"problem\" role=\"alert\" id=\"obstacle\">\($0)</p>" } as HTML?)
            \(problemList)
            <form method="post" action="\(links.form)" id="make">
            <input type="hidden" name="\(JobForm.tokenField)" value="\(form.token.description)">
            \(prompt)
            \(ModelCards(form: form, texts: texts, offers: offers).html)
            \(offers.details.contains(.aspectRatio) ? RatioChoices(form: form, texts: texts).html : nil)
            <details\(isDetailed ? " open" : nil)>
            <summary>\(texts.details)</summary>
            <div class="grid">
            \(offers.details.map { FieldRow(field: $0, form: form, texts: texts, offers: offers).html })
            </div>
            </details>
            \(left)
            <button type="submit">\(texts.make)</button>
            </form>
            \(links.isEmbedded ? nil : JobCards(jobs: mine, links: links).section)
            """)
    }

    /// What is left for the day. Amounts of money are the operator's business.
    private var left: HTML? {
        guard let allowance else { return nil }
        let until = allowance.endsAt.text(at: allowance.endsAt)
        if allowance.isMoneySpent { return "<p class=\"note\" id=\"left\">\(texts.moneySpent(until: until))</p>" }
        return allowance.pictures.map { "<p class=\"hint\" id=\"left\">\(texts.left($0, until: until))</p>" }
    }

    private var prompt: HTML {
        let field = RequestField.prompt.rawValue
        return FieldRow.row(
            field, label: "\(texts.label(.prompt))", hint: texts.hint(.prompt, nil), form: form, texts: texts,
            """
            <textarea id="\(field)" name="\(field)" rows="4" required dir="auto"\(FieldRow.attributes(field, form))>
            \(form.fields[field] ?? "")</textarea>
            <p class="hint count" id="\(field)-count" data-text="\(texts.characters)" hidden></p>
            """)
    }

    /// All problems, each with a link to its field.
    private var problemList: HTML? {
        guard !form.problems.isEmpty else { return nil }
        let items = form.problems.map { problem -> HTML in
            let sentence = texts.sentence(of: problem)
            return names.contains(problem.member) ? "<li><a href=\"#\(problem.member)\">\(sentence)</a></li>" : "<li>\(sentence)</li>"
        }
        let others: HTML? = form.otherProblems > 0 ? "<li>\(texts.otherProblems(form.otherProblems))</li>" : nil
        return """
            <div class="problem" role="alert" id="problems">
            <h2>\(texts.checkForm)</h2>
            <ul>
            \(items)
            \(others)
            </ul>
            </div>
            """
    }

    /// Whether the details are open: if they hold a value or a problem.
    private var isDetailed: Bool {
        offers.details.contains { !(form.fields[$0.rawValue] ?? "").isEmpty || form.problem(of: $0.rawValue) != nil }
    }

    private var names: [String] { ["prompt", "model"] + offers.details.map(\.rawValue) }
}
