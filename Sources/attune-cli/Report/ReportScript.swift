/// Tells the trial that the mouse points at, in every picture. Without it the page lacks nothing else.
///
/// Written without "<" and "&", so that the page is well-formed XML as well.
enum ReportScript {
  static let text = """

    (function () {
      var all = JSON.parse(document.getElementById('trials').textContent);
      var tip = document.getElementById('tip'), mark = null, line = null;
      function marks(svg) {
        if (svg.marks) { return svg.marks; }
        svg.marks = [];
        svg.querySelectorAll('path[data-n]').forEach(function (path) {
          var numbers = path.getAttribute('data-n').split(' '), piece = -1;
          var steps = /([MLh])([-.\\d]+)(?: ([-.\\d]+))?/g;
          path.getAttribute('d').replace(steps, function (_, step, x, y) {
            if (step === 'h') { svg.marks[svg.marks.length - 1].width = +x; return ''; }
            if (step === 'M') { piece += 1; }
            var number = numbers[Math.min(piece, numbers.length - 1)];
            svg.marks.push({ x: +x, y: +y, width: 0, number: number, path: path });
            return '';
          });
        });
        return svg.marks;
      }
      function hide() {
        tip.style.display = 'none';
        if (mark) { mark.remove(); mark = null; }
        if (line) { line.classList.remove('on'); line = null; }
      }
      function text(number) {
        var cells = all.trials[number], lines = ['trial ' + number];
        if (!cells) { return lines[0]; }
        lines[0] += '  ' + cells[0];
        all.names.forEach(function (name, index) {
          if (cells[index + 1] !== null) { lines.push(name + '  ' + cells[index + 1]); }
        });
        return lines.join('\\n');
      }
      function nearest(svg, event) {
        var place = new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM().inverse());
        var best = null, least = 14;
        marks(svg).forEach(function (one) {
          var right = one.x + one.width;
          var x = place.x > right ? place.x - right : one.x > place.x ? one.x - place.x : 0;
          var distance = Math.hypot(x, place.y - one.y);
          if (least > distance) { least = distance; best = one; }
        });
        return best;
      }
      function show(svg, one, event) {
        if (one.path.classList.contains('curve')) { line = one.path; line.classList.add('on'); }
        mark = document.createElementNS('http://www.w3.org/2000/svg', 'circle');
        mark.setAttribute('class', 'mark');
        mark.setAttribute('cx', one.x + one.width / 2);
        mark.setAttribute('cy', one.y);
        mark.setAttribute('r', 5);
        svg.appendChild(mark);
        tip.textContent = text(one.number);
        tip.style.display = 'block';
        var left = Math.min(event.clientX + 14, window.innerWidth - tip.offsetWidth - 8);
        var top = Math.min(event.clientY + 14, window.innerHeight - tip.offsetHeight - 8);
        tip.style.left = Math.max(left, 4) + 'px';
        tip.style.top = Math.max(top, 4) + 'px';
      }
      document.addEventListener('mousemove', function (event) {
        hide();
        var svg = event.target.closest ? event.target.closest('svg.plot') : null;
        var one = svg ? nearest(svg, event) : null;
        if (one) { show(svg, one, event); }
      });
    })();

    """
}
