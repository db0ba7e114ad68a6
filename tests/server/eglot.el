;; Opens train.py in a real Emacs with Eglot, set up by what docs/editors.md says, and writes what
;; came of it to found.json.  Run in an empty folder with the page's block in config.el.

(package-initialize)
(setq eglot-connect-timeout 60 eglot-sync-connect 60 eglot-send-changes-idle-time 0.05
      flymake-no-changes-timeout 0.05 coding-system-for-write 'utf-8)
(defvar found nil)

(defun wait-for (what condition)
  "Fail in a minute if CONDITION does not come true; WHAT says what it is."
  (let ((end (+ (float-time) 60)))
    (while (not (funcall condition))
      (when (> (float-time) end) (error "In vain: %s" what))
      (accept-process-output nil 0.05))))

(defun diagnostics ()
  "The diagnostics of the buffer: line, column, end's column, and text."
  (mapcar (lambda (d)
            (save-excursion
              (goto-char (flymake-diagnostic-beg d))
              (let ((line (line-number-at-pos)) (column (current-column)))
                (goto-char (flymake-diagnostic-end d))
                (vector line column (current-column) (flymake-diagnostic-text d)
                        (symbol-name (flymake-diagnostic-type d))))))
          (flymake-diagnostics)))

(defun act (pattern line)
  "Apply the code action with a title like PATTERN on LINE."
  (goto-char (point-min))
  (forward-line (1- line))
  (let* ((actions (append (eglot-code-actions (line-beginning-position) (line-end-position)) nil))
         (action (seq-find (lambda (a) (string-match-p pattern (plist-get a :title))) actions)))
    (unless action (error "No action like %s in %S" pattern actions))
    (let ((edit (plist-get action :edit)))
      (unless edit
        (setq edit (plist-get (jsonrpc-request (eglot-current-server) :codeAction/resolve action)
                              :edit)))
      (eglot--apply-workspace-edit edit)
      (eglot--signal-textDocument/didChange))))

(condition-case problem
    (progn
      (load (expand-file-name "config.el"))
      (find-file "train.py")
      (run-hooks 'post-command-hook)  ; that is when Eglot connects
      (wait-for "the server" #'eglot-current-server)
      (flymake-mode 1)
      (flymake-start)
      (wait-for "diagnostics" (lambda () (= (length (diagnostics)) 2)))
      (push (cons 'diagnostics (vconcat (diagnostics))) found)
      ;; As one types.
      (goto-char (point-min))
      (forward-line 1)
      (insert "é = '😀', tf.to_float(1)\n")
      (eglot--signal-textDocument/didChange)  ; a batch is never idle
      (wait-for "news" (lambda () (= (length (diagnostics)) 3)))
      (goto-char (point-min))
      (search-forward "to_f")
      (push (cons 'hover
                  (plist-get (plist-get (jsonrpc-request (eglot-current-server)
                                                         :textDocument/hover
                                                         (eglot--TextDocumentPositionParams))
                                        :contents)
                             :value))
            found)
      (act "^TF901: Use tf.cast" 2)
      (wait-for "news of it" (lambda () (= (length (diagnostics)) 2)))
      (push (cons 'fixed (buffer-string)) found)
      (act "^Silence TF601" 3)
      (wait-for "silence" (lambda () (= (length (diagnostics)) 1)))
      (act "^tf2lint: fix all" 1)
      (wait-for "nothing left" (lambda () (null (diagnostics))))
      (save-buffer))
  (error (push (cons 'problem (format "%S" problem)) found)))
(with-temp-file "found.json" (insert (json-encode found)))
(kill-emacs 0)
