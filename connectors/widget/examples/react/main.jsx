import { StrictMode, useState } from "react";
import { createRoot } from "react-dom/client";
import { Chat } from "./Chat.jsx";

const server = import.meta.env.VITE_PARLEY ?? "https://chat.shop.example";

function Shop() {
  const [decision, setDecision] = useState("");
  const [told] = useState(() => (detail) => setDecision(detail.decision));
  return (
    <>
      <h1>Shop</h1>
      <p id="decision">{decision}</p>
      <Chat server={server} lang="en" onReply={told} />
    </>
  );
}

createRoot(document.getElementById("app")).render(<StrictMode><Shop /></StrictMode>);
