// A zip is dropped or chosen, measured before it travels, and sent with a bar that tells how far it is. Without this the form
// sends it as any form does.
const begin = () => {
  const form = document.querySelector("form.upload");
  if (!form) return;
  const field = form.querySelector("input[type=file]");
  const drop = form.querySelector(".drop");
  const button = form.querySelector("button");
  const line = form.querySelector(".progress");
  const bar = line.querySelector("progress");
  const status = line.querySelector("[role=status]");
  const bytesMax = Number(form.dataset.bytesMax);
  const say = (text) => {
    line.hidden = false;
    status.textContent = text;
  };
  const size = (bytes) => `${(bytes / 1e6).toLocaleString("en", { maximumFractionDigits: 1 })} MB`;
  const fits = () => {
    const file = field.files[0];
    const small = !file || file.size <= bytesMax;
    field.setCustomValidity(small ? "" : `The file has ${size(file.size)}; at most ${size(bytesMax)} are taken.`);
    bar.hidden = true;
    if (!small) say(field.validationMessage);
    else if (file) say(`${file.name}, ${size(file.size)}`);
    return small;
  };
  const send = () => {
    const request = new XMLHttpRequest();
    request.open("POST", form.action);
    request.setRequestHeader("Accept", "text/html");
    request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) bar.value = (event.loaded / event.total) * 100;
    });
    request.upload.addEventListener("load", () => {
      bar.removeAttribute("value");
      say("It is there, and is being looked at …");
    });
    request.addEventListener("load", () => {
      if (request.responseURL && request.responseURL !== form.action) {
        location.assign(request.responseURL);
        return;
      }
      const page = new DOMParser().parseFromString(request.responseText, "text/html");
      const main = page.querySelector("main");
      if (!main) {
        failed();
        return;
      }
      document.querySelector("main").replaceWith(document.adoptNode(main));
      document.title = page.title;
      begin();
      document.getElementById("problem")?.focus();
    });
    const failed = () => {
      button.disabled = false;
      bar.hidden = true;
      say("The connection broke before the answer came. Try again.");
    };
    request.addEventListener("error", failed);
    button.disabled = true;
    bar.hidden = false;
    bar.value = 0;
    say("On its way …");
    request.send(new FormData(form));
  };
  field.addEventListener("change", fits);
  form.addEventListener("submit", (event) => {
    if (!fits() || !field.files.length) return;
    event.preventDefault();
    send();
  });
  drop.classList.add("ready");
  drop.querySelector(".here").hidden = false;
  for (const kind of ["dragenter", "dragover"]) {
    drop.addEventListener(kind, (event) => {
      event.preventDefault();
      drop.classList.add("over");
    });
  }
  for (const kind of ["dragleave", "drop"]) drop.addEventListener(kind, () => drop.classList.remove("over"));
  drop.addEventListener("drop", (event) => {
    event.preventDefault();
    if (!event.dataTransfer.files.length) return;
    field.files = event.dataTransfer.files;
    if (fits()) form.requestSubmit();
  });
};
begin();
